import type { Socket } from 'node:net';

/**
 * Closes a connection by RST. One that is ending already is destroyed plainly: libuv refuses to reset it, after
 * which Node 20 never lets go of its handle and the process spins instead of exiting.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
