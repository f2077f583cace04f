import type { Permission } from '../access/index.js';

/** An address that speaks WebSocket only, and what it takes to open one there. */
export interface SocketAddress {
  /** As express takes it. */
  readonly path: string;
  readonly permission: Permission;
  /** What it is for. One with an `:id` is about that camera. */
  readonly what: 'stream' | 'live' | 'push';
}

/** Every WebSocket: data, so that a test can walk them all. */
export const SOCKETS: readonly SocketAddress[] = [
  { path: '/api/v1/stream', permission: 'stream', what: 'stream' },
  { path: '/api/v1/cameras/:id/live', permission: 'live', what: 'live' },
  { path: '/api/v1/cameras/:id/push', permission: 'control', what: 'push' },
];

const PATTERNS = SOCKETS.map((socket) => ({
  socket,
  pattern: new RegExp(`^${socket.path.replace(':id', '([^/]+)')}$`),
}));

/** The WebSocket at a path without query, and the id of the camera in it (empty where it is about none). */
export function socketAt(path: string): { readonly socket: SocketAddress; readonly id: string } | undefined {
  for (const { socket, pattern } of PATTERNS) {
    const found = pattern.exec(path);
    if (found !== null) return { socket, id: found[1] ?? '' };
  }
  return undefined;
}
