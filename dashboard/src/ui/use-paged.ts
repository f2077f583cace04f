import { useEffect, useRef, useState } from 'preact/hooks';
import { requestJson, wordsOf } from '../request.js';
import { useAsked, type Asked } from './use-asked.js';

/** A list that the server gives page by page. */
export interface Paged<Page> {
  /** The first page. */
  readonly asked: Asked<Page>;
  /** Those that have come, in order. */
  readonly pages: readonly Page[];
  /** Whether there are further ones. */
  readonly hasMore: boolean;
  /** Fetches the next one. */
  readonly more: () => void;
  readonly isFetching: boolean;
  /** Why the next one did not come, in words. */
  readonly fault: string | undefined;
}

/** What came after a first page: another one has others behind it. */
interface Behind<Page> {
  readonly first: Page;
  readonly pages: readonly Page[];
  readonly fault?: string;
  readonly isFetching: boolean;
}

/**
 * Asks `GET address`, and page by page what is behind it. It begins anew when the address changes, or the first page.
 *
 * @param address with a query
 */
export function usePaged<Page extends { readonly next?: string | undefined }>(address: string): Paged<Page> {
  const asked = useAsked<Page>(address);
  const first = asked.answer;
  const [kept, setBehind] = useState<Behind<Page>>();
  const fetching = useRef<AbortController>(undefined);
  useEffect(
    () => () => {
      fetching.current?.abort();
      fetching.current = undefined;
    },
    [first],
  );
  const behind = first !== undefined && kept?.first === first ? kept : undefined;
  const pages = first === undefined ? [] : [first, ...(behind?.pages ?? [])];
  const next = pages.at(-1)?.next;

  const more = () => {
    if (first === undefined || next === undefined || fetching.current !== undefined) return;
    const stop = new AbortController();
    fetching.current = stop;
    const later = pages.slice(1);
    const settle = (state: Omit<Behind<Page>, 'first' | 'isFetching'>) => {
      if (stop.signal.aborted) return;
      fetching.current = undefined;
      setBehind({ first, ...state, isFetching: false });
    };
    setBehind({ first, pages: later, isFetching: true });
    requestJson<Page>(`${address}&cursor=${encodeURIComponent(next)}`, { signal: stop.signal }).then(
      (page) => settle({ pages: [...later, page] }),
      (error: unknown) => settle({ pages: later, fault: wordsOf(error) }),
    );
  };
  return {
    asked,
    pages,
    hasMore: next !== undefined,
    more,
    isFetching: behind?.isFetching ?? false,
    fault: behind?.fault,
  };
}
