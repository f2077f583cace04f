import { computed, effect, signal } from '@preact/signals';
import type {
  CameraList,
  CameraStatusMessage,
  FrameMessage,
  NumberedMessage,
} from '../../src/server/protocol.js';
import { onSignedOut } from './access/session.js';
import { FrameBuffer } from './live/frame-buffer.js';
import { cameras, configChanges, engine, recent, serverLink } from './state.js';
import { EventStream } from './stream/event-stream.js';
import { RECENT_MAX, withItem, type RecentItem } from './stream/recent.js';

const POLL_MS = 2000;
/** Scrolling past many pictures asks once. */
const WATCH_SETTLE_MS = 100;

/** The latest analysed frames of each camera. */
const frameBuffers = new Map<string, FrameBuffer>();

/** Told of each analysed frame, after it was put into its camera's buffer. */
export const frameListeners = new Set<(message: FrameMessage) => void>();

/** Told of each durable message, once, as it comes. */
export const durableListeners = new Set<(message: NumberedMessage) => void>();

/** Set by the list of what happened: whether it is being read further down and must not move. */
export const recentReading = { isBeingRead: false };

/** How many pictures of each camera are shown now. */
const shown = signal<ReadonlyMap<string, number>>(new Map());
const shownKey = computed(() => JSON.stringify([...shown.value.keys()].sort()));

/** The buffer of a camera's analysed frames. */
export function framesOf(camera: string): FrameBuffer {
  let buffer = frameBuffers.get(camera);
  if (buffer === undefined) {
    buffer = new FrameBuffer();
    frameBuffers.set(camera, buffer);
  }
  return buffer;
}

/** Asks for a camera's analysed frames, until the function that it returns is called. */
export function watchFrames(camera: string): () => void {
  countShown(camera, 1);
  return () => countShown(camera, -1);
}

/** Address of a WebSocket of this server. */
export function socketAddress(path: string): string {
  const address = new URL(path, location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}

/** Connects the page's state to the server, for as long as the page lives. */
export function connectToServer(): void {
  void pollCameras();
  const stream = new EventStream({
    // The subprotocol stands here and not as an import: only types come from the server.
    open: () => new WebSocket(socketAddress('/api/v1/stream'), 'sightline.v1'),
    history: RECENT_MAX,
    onHello: () => frameBuffers.forEach((buffer) => buffer.clear()),
    onFrame: (message) => {
      framesOf(message.camera).add(message);
      for (const listener of frameListeners) listener(message);
    },
    onDurable: (message) => {
      if (message.type === 'camera.status') applyStatus(message);
      if (message.type === 'config.changed') configChanges.value++;
      addRecent(message);
      for (const listener of durableListeners) listener(message);
    },
    onGap: addRecent,
    onConnected: (isConnected) => {
      if (isConnected) serverLink.value = { kind: 'connected' };
      else if (serverLink.value.kind !== 'lost') serverLink.value = { kind: 'lost', sinceMs: Date.now() };
    },
  });
  let settling: number | undefined;
  effect(() => {
    const watched = JSON.parse(shownKey.value) as string[];
    window.clearTimeout(settling);
    settling = window.setTimeout(() => stream.watch(watched), WATCH_SETTLE_MS);
  });
  for (const event of ['offline', 'online']) addEventListener(event, () => stream.reconnect());
}

function countShown(camera: string, change: 1 | -1): void {
  const counts = new Map(shown.peek());
  const count = (counts.get(camera) ?? 0) + change;
  if (count > 0) counts.set(camera, count);
  else counts.delete(camera);
  // What comes back begins anew: what was missed meanwhile is no gap in a track's way.
  if (count === 0) frameBuffers.get(camera)?.clear();
  shown.value = counts;
}

function addRecent(item: RecentItem): void {
  recent.value = withItem(recent.value, item, recentReading.isBeingRead);
}

/** Shows a change at once; the next poll brings the rest. Replayed ones are older than what the poll told. */
function applyStatus({ camera, time, status }: CameraStatusMessage): void {
  cameras.value = cameras.value?.map((view) => {
    if (view.id !== camera || Date.parse(time) < Date.parse(view.since)) return view;
    const { reason: _, ...rest } = view;
    const since = status.state === view.state ? view.since : time;
    return { ...rest, ...status, since };
  });
}

/** Asks how the cameras are, at once: something was changed here. */
export async function refreshCameras(): Promise<void> {
  try {
    const response = await fetch('/api/v1/cameras', { signal: AbortSignal.timeout(2 * POLL_MS) });
    if (response.status === 401) return onSignedOut();
    if (response.ok) {
      const list = (await response.json()) as CameraList;
      cameras.value = list.cameras;
      engine.value = list.engine;
    }
  } catch {
    // The event stream notices and says that the server is away; the next poll tries again.
  }
}

async function pollCameras(): Promise<void> {
  await refreshCameras();
  setTimeout(() => void pollCameras(), POLL_MS);
}
