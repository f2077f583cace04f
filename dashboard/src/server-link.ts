import type { CameraList, CameraStatusMessage, FrameMessage } from '../../src/server/protocol.js';
import { onSignedOut } from './access/session.js';
import { FrameBuffer } from './live/frame-buffer.js';
import { cameras, recent, serverLink } from './state.js';
import { EventStream } from './stream/event-stream.js';
import { RECENT_MAX, withItem, type RecentItem } from './stream/recent.js';

const POLL_MS = 2000;

/** The latest analysed frames of each camera. */
const frameBuffers = new Map<string, FrameBuffer>();

/** Told of each analysed frame, after it was put into its camera's buffer. */
export const frameListeners = new Set<(message: FrameMessage) => void>();

/** Set by the list of what happened: whether it is being read further down and must not move. */
export const recentReading = { isBeingRead: false };

/** The buffer of a camera's analysed frames. */
export function framesOf(camera: string): FrameBuffer {
  let buffer = frameBuffers.get(camera);
  if (buffer === undefined) {
    buffer = new FrameBuffer();
    frameBuffers.set(camera, buffer);
  }
  return buffer;
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
  new EventStream({
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
      addRecent(message);
    },
    onGap: addRecent,
    onConnected: (isConnected) => {
      if (isConnected) serverLink.value = { kind: 'connected' };
      else if (serverLink.value.kind !== 'lost') serverLink.value = { kind: 'lost', sinceMs: Date.now() };
    },
  });
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

async function pollCameras(): Promise<void> {
  try {
    const response = await fetch('/api/v1/cameras', { signal: AbortSignal.timeout(2 * POLL_MS) });
    if (response.status === 401) return onSignedOut();
    if (response.ok) cameras.value = ((await response.json()) as CameraList).cameras;
  } catch {
    // The event stream notices and says that the server is away; the next poll tries again.
  }
  setTimeout(() => void pollCameras(), POLL_MS);
}
