import { useEffect, useRef, useState } from 'preact/hooks';
import type { EventPage, EventView, NumberedMessage } from '../../../src/server/protocol.js';
import { place } from '../place.js';
import { requestJson, wordsOf } from '../request.js';
import { durableListeners } from '../server-link.js';
import type { Asked } from '../ui/use-asked.js';
import { admits } from './event-filter.js';
import {
  listOf,
  viewOf,
  WAITING_MAX,
  withAllShown,
  withChange,
  withNew,
  withPage,
  type EventList,
} from './event-list.js';

/** The events that a query asks for, as they are by now. */
export interface LiveEvents {
  readonly list: EventList | undefined;
  readonly asked: Asked<EventList>;
  /** Fetches the next page. */
  readonly more: () => void;
  /** Shows what waits. */
  readonly showNew: () => void;
  /** Puts in what the server answered to a change. */
  readonly put: (view: EventView) => void;
}

/**
 * Asks for the first page whenever the query changes, and keeps it at what the event stream tells.
 *
 * @param isBeingRead whether the list must not move now
 */
export function useEvents(query: string, isBeingRead: () => boolean): LiveEvents {
  const [list, setList] = useState<EventList>();
  const [fault, setFault] = useState<string>();
  const [isAsking, setAsking] = useState(true);
  const [round, setRound] = useState(0);
  const cancel = useRef<AbortController | undefined>(undefined);

  const ask = (cursor: string | undefined, take: (page: EventPage) => void, onFault?: () => void) => {
    cancel.current?.abort();
    const stop = new AbortController();
    cancel.current = stop;
    setAsking(true);
    const more = cursor === undefined ? '' : `&cursor=${cursor}`;
    requestJson<EventPage>(`/api/v1/events?${query}${more}`, { signal: stop.signal }).then(
      (page) => {
        if (stop.signal.aborted) return;
        take(page);
        setFault(undefined);
        setAsking(false);
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        onFault?.();
        setFault(wordsOf(error));
        setAsking(false);
      },
    );
  };
  useEffect(() => {
    // What is told while the first page is on its way may be missing in it.
    let early: NumberedMessage[] | undefined = [];
    const apply = (message: NumberedMessage) =>
      setList((was) => was && withMessage(was, message, isBeingRead));
    const listen = (message: NumberedMessage) => {
      if (early === undefined) apply(message);
      else early.push(message);
    };
    durableListeners.add(listen);
    const applyEarly = () => {
      early?.forEach(apply);
      early = undefined;
    };
    // Without a page, the list of before goes on.
    ask(
      undefined,
      (page) => {
        setList(listOf(page));
        applyEarly();
      },
      applyEarly,
    );
    return () => {
      durableListeners.delete(listen);
      cancel.current?.abort();
    };
  }, [query, round]);

  const again = () => setRound((count) => count + 1);
  return {
    list,
    asked: { answer: list, fault, isAsking, again },
    more: () => ask(list?.next, (page) => setList((was) => was && withPage(was, page))),
    showNew: () => {
      if ((list?.waiting.length ?? 0) >= WAITING_MAX) again();
      else setList((was) => was && withAllShown(was));
    },
    put: (view) => setList((was) => was && withChange(was, view.event.id, () => view)),
  };
}

function withMessage(list: EventList, message: NumberedMessage, isBeingRead: () => boolean): EventList {
  if (message.type === 'event.started') {
    const view = viewOf(message);
    return admits(place.peek().filters, view) ? withNew(list, view, isBeingRead()) : list;
  }
  if (message.type !== 'event.updated' && message.type !== 'event.ended') return list;
  const { event } = message;
  return withChange(list, event.id, (view) => ({ ...view, event }));
}
