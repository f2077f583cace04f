import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ReconnectingSocket, type SocketLike } from '../../../dashboard/src/stream/reconnecting-socket.js';

/** Sockets that do nothing, in the order in which they were opened. */
function sockets() {
  const opened: { isClosed: boolean; lose: () => void }[] = [];
  const open = (): SocketLike => {
    const one = { isClosed: false, lose: () => undefined as void };
    opened.push(one);
    return {
      binaryType: '',
      addEventListener: (type: string, listener: (event: { data: unknown }) => void) => {
        if (type === 'close') one.lose = () => listener({ data: undefined });
      },
      send: () => undefined,
      close: () => (one.isClosed = true),
    };
  };
  return { opened, open };
}

describe('ReconnectingSocket', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('opens no other connection after a rest, even where the last is heard of again, until it is told to', () => {
    const { opened, open } = sockets();
    const socket = new ReconnectingSocket({ open, onMessage: () => undefined });
    socket.rest();
    expect(opened[0]?.isClosed).toBe(true);
    opened[0]?.lose();
    jest.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(1);
    socket.reopen({ isAtOnce: true });
    expect(opened).toHaveLength(2);
    socket.close();
    socket.reopen({ isAtOnce: true });
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });
});
