import { signal } from '@preact/signals';
import type { CameraView, EngineHealthView } from '../../src/server/protocol.js';
import { nothingRecent, type Recent } from './stream/recent.js';

/** The cameras as the server last told; undefined before the first answer. */
export const cameras = signal<readonly CameraView[] | undefined>(undefined);

/** Whether pictures are analysed, as the server last told. */
export const engine = signal<EngineHealthView | undefined>(undefined);

/** Rises with each change of the configuration: what was read of it before is to be read again. */
export const configChanges = signal(0);

/** Whether the server is there; `sinceMs` is wall time. */
export type ServerLink =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly sinceMs: number };

/** The connection to the server, by the event stream. */
export const serverLink = signal<ServerLink>({ kind: 'connecting' });

/** What happened last. */
export const recent = signal<Recent>(nothingRecent);

/** Whether the details of sync are shown. */
export const isDebugOpen = signal(false);
