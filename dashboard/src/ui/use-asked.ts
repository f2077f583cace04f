import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { requestJson, wordsOf } from '../request.js';

/** What was asked of the server, as it stands. */
export interface Asked<T> {
  /** The latest answer; stays while it is asked again, so that nothing flickers, but not when something else is asked. */
  readonly answer: T | undefined;
  /** Why there is no newer one, in words. */
  readonly fault: string | undefined;
  readonly isAsking: boolean;
  /** Asks again. */
  readonly again: () => void;
}

/** How an address is asked; `requestJson`, where nothing else is said. */
export type Ask<T> = (address: string, options: { readonly signal: AbortSignal }) => Promise<T>;

interface State<T> {
  readonly address?: string | undefined;
  readonly answer?: T;
  readonly fault?: string;
  readonly isAsking: boolean;
}

/**
 * Asks `GET address` when the component appears, when the address changes, and every `everyMs` where that is given, unless it is still
 * being asked; undefined: asks nothing. What came of an address is nothing about another.
 */
export function useAsked<T>(
  address: string | undefined,
  everyMs?: number,
  ask: Ask<T> = requestJson<T>,
): Asked<T> {
  const [kept, setState] = useState<State<T>>({ isAsking: false });
  const round = useRef(0);
  /** Whether an answer is on its way. */
  const isOut = useRef(false);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (address === undefined) return undefined;
    const mine = ++round.current;
    const stop = new AbortController();
    isOut.current = true;
    setState((was) => ({ ...(was.address === address ? was : { address }), isAsking: true }));
    const settle = (next: (was: State<T>) => State<T>) => {
      if (mine !== round.current || stop.signal.aborted) return;
      isOut.current = false;
      setState(next);
    };
    void ask(address, { signal: stop.signal }).then(
      (answer) => settle(() => ({ address, answer, isAsking: false })),
      (error: unknown) => settle((was) => ({ ...was, fault: wordsOf(error), isAsking: false })),
    );
    return () => {
      stop.abort();
      isOut.current = false;
    };
  }, [address, asked]);
  useEffect(() => {
    if (everyMs === undefined) return undefined;
    const timer = setInterval(() => {
      if (!isOut.current) setAsked((count) => count + 1);
    }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  // Between a change of the address and the question after it, nothing is known yet.
  const state = kept.address === address ? kept : { isAsking: address !== undefined };
  return {
    answer: state.answer,
    fault: state.fault,
    isAsking: state.isAsking,
    again: useCallback(() => setAsked((count) => count + 1), []),
  };
}
