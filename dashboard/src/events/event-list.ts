import type { EventMessage, EventPage, EventView } from '../../../src/server/protocol.js';

/** The list of events as it is read: what came while it was being read waits, so that nothing moves. */
export interface EventList {
  /** Newest first. */
  readonly shown: readonly EventView[];
  readonly waiting: readonly EventView[];
  /** Where the next page begins; absent: there is none. */
  readonly next?: string;
}

/** So many wait at most; then the list is read anew. */
export const WAITING_MAX = 200;

/** The list of a first page. */
export function listOf({ events, next }: EventPage): EventList {
  return { shown: events, waiting: [], ...(next !== undefined && { next }) };
}

/** Goes on behind the last one. */
export function withPage({ shown, waiting }: EventList, { events, next }: EventPage): EventList {
  const known = new Set(shown.map(({ seq }) => seq));
  return {
    shown: [...shown, ...events.filter(({ seq }) => !known.has(seq))],
    waiting,
    ...(next !== undefined && { next }),
  };
}

/**
 * Adds one that has begun: on top, or, while the list is being read, to those that wait. One that is no newer than the list is in it already,
 * or is not asked for.
 */
export function withNew(list: EventList, view: EventView, isBeingRead: boolean): EventList {
  const newest = [...list.waiting, ...list.shown].reduce((most, { seq }) => Math.max(most, seq), 0);
  if (view.seq <= newest) return list;
  const waiting = [view, ...list.waiting].slice(0, WAITING_MAX);
  return isBeingRead ? { ...list, waiting } : withAllShown({ ...list, waiting });
}

/** Shows what waited. */
export function withAllShown(list: EventList): EventList {
  return { ...list, shown: [...list.waiting, ...list.shown], waiting: [] };
}

/** Puts a new state of an event in its place. */
export function withChange(list: EventList, id: string, change: (view: EventView) => EventView): EventList {
  const changed = (views: readonly EventView[]) =>
    views.some(({ event }) => event.id === id)
      ? views.map((view) => (view.event.id === id ? change(view) : view))
      : views;
  const [shown, waiting] = [changed(list.shown), changed(list.waiting)];
  return shown === list.shown && waiting === list.waiting ? list : { ...list, shown, waiting };
}

/** An event as its first message tells it. */
export function viewOf({
  seq,
  camera,
  event,
  frame,
  model,
}: EventMessage & { readonly seq: number }): EventView {
  return {
    ...{ seq, camera, marked: false, event },
    ...(frame !== undefined && { frame }),
    ...(model !== undefined && { model }),
  };
}
