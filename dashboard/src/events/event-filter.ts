import type { EventView } from '../../../src/server/protocol.js';

/** What `GET /api/v1/events` can be narrowed by, and the address of the page with it. */
export const EVENT_FILTERS = [
  ...(['camera', 'rule', 'type', 'label', 'zone', 'severity', 'marked', 'verdict', 'from', 'to'] as const),
];

/** The query of `GET /api/v1/events` for what the address of the page asks for. */
export function eventQueryOf(filters: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const name of EVENT_FILTERS) for (const value of filters.getAll(name)) query.append(name, value);
  return query.toString();
}

/** Whether an event is one of those that are asked for, as the server would say. */
export function admits(filters: URLSearchParams, { camera, marked, review, event }: EventView): boolean {
  const is = (name: string, value: string | undefined) => !filters.has(name) || filters.get(name) === value;
  const cameras = filters.getAll('camera');
  const startedMs = Date.parse(event.startedAt);
  return (
    (cameras.length === 0 || cameras.includes(camera)) &&
    is('rule', event.rule.name) &&
    is('type', event.rule.type) &&
    is('label', event.label) &&
    is('zone', event.zone ?? event.line) &&
    is('severity', event.severity) &&
    is('marked', String(marked)) &&
    is('verdict', review?.verdict) &&
    (!filters.has('from') || startedMs >= Date.parse(filters.get('from')!)) &&
    (!filters.has('to') || startedMs < Date.parse(filters.get('to')!))
  );
}
