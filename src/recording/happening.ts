import type { DurableMessage } from '../events/index.js';

/** Something that goes on for a while at a camera. */
export interface Happening {
  readonly kind: 'event' | 'track';
  readonly id: string;
  readonly isOver: boolean;
}

/** What a message says of an event or track that begins, goes on or ends; undefined when nothing. */
export function happeningOf(message: DurableMessage): Happening | undefined {
  switch (message.type) {
    case 'event.started':
    case 'event.updated':
      return { kind: 'event', id: message.event.id, isOver: false };
    case 'event.ended':
      return { kind: 'event', id: message.event.id, isOver: true };
    case 'track.started':
      return { kind: 'track', id: message.track.id, isOver: false };
    case 'track.ended':
    case 'track.merged':
      return { kind: 'track', id: message.track.id, isOver: true };
    case 'track.renamed':
    case 'track.classified':
    case 'text.read':
    case 'camera.status':
    case 'config.changed':
      return undefined;
  }
}
