import type { WebSocket } from 'ws';

/** A message on its way to one client. */
export interface StreamItem {
  /** JSON, shared between clients and not changed. */
  readonly bytes: Buffer;
  /** Of a durable message. */
  readonly seq?: number;
}

/** What messages of the event stream go to a client through, whatever it speaks. */
export interface StreamChannel {
  readonly isOpen: boolean;
  /** Bytes handed over that the operating system has not taken yet. */
  readonly bufferedBytes: number;
  /** `onTaken` is called once the operating system has the bytes; never after the channel was closed. */
  send(item: StreamItem, onTaken: () => void): void;
  /** @param code of RFC 6455, section 7.4.1, or our own */
  close(code: number, reason: string): void;
  /** Cuts it off without a goodbye. */
  terminate(): void;
  once(event: 'close', listener: () => void): unknown;
}

/** The channel that a WebSocket is. */
export function webSocketChannel(socket: WebSocket): StreamChannel {
  return {
    get isOpen() {
      return socket.readyState === socket.OPEN;
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    send({ bytes }, onTaken) {
      socket.send(bytes, { binary: false }, (error) => {
        if (!error) onTaken(); // else the socket is closing, and reports that itself
      });
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    once: (event, listener) => socket.once(event, listener),
  };
}
