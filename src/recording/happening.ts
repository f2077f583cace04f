import type { DurableMessage } from '../events/index.js';

/** Something that goes on for a while at a camera. */
export interface Happening {
  readonly kind: 'event' | 'track';
  readonly name: string;
  readonly isOver: boolean;
}

/** What a message says of events and tracks that begin, go on or end; undefined when nothing. */
export function happeningOf(message: DurableMessage): Happening | undefined {
  const [kind, what] = message.type.split('.');
  if (kind !== 'event' && kind !== 'track') return undefined;
  const isOver = what === 'ended' || what === 'merged';
  const { track, event } = message as { track?: { id?: unknown }; event?: { id?: unknown } };
  const id = kind === 'track' ? track?.id : event?.id;
  return { kind, name: typeof id === 'string' ? id : message.type.slice(0, kind.length), isOver };
}
