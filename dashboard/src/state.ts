import { computed, signal } from '@preact/signals';
import type { CameraView } from '../../src/server/protocol.js';
import type { PlayerStatus } from './live/mse-player.js';
import { nothingRecent, type Recent } from './stream/recent.js';

/** The cameras as the server last told; undefined before the first answer. */
export const cameras = signal<readonly CameraView[] | undefined>(undefined);

/** The camera that the user chose; undefined: the first. */
export const chosenId = signal<string | undefined>(undefined);

/** The camera whose picture is shown; undefined while there is none. */
export const chosen = computed(
  () => cameras.value?.find(({ id }) => id === chosenId.value) ?? cameras.value?.[0],
);

/** Its id alone: changes less often than what is known of the camera. */
export const shownId = computed(() => chosen.value?.id);

/** Whether the server is there; `sinceMs` is wall time. */
export type ServerLink =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'lost'; readonly sinceMs: number };

/** The connection to the server, by the event stream. */
export const serverLink = signal<ServerLink>({ kind: 'connecting' });

/** What happened last. */
export const recent = signal<Recent>(nothingRecent);

/** The state of the live picture. */
export const playerStatus = signal<PlayerStatus>({ kind: 'waiting' });

/** Whether the details of sync are shown. */
export const isDebugOpen = signal(false);
