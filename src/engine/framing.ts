import type { Duplex } from 'node:stream';
import { AppError } from '../base/index.js';

const LENGTH_BYTES = 8;
const HEADER_BYTES_MAX = 4 << 20;
const PAYLOAD_BYTES_MAX = 64 << 20;

/**
 * Messages over a byte stream: `u32 header length, u32 payload length, header (JSON), payload`, big endian.
 * A plain byte stream, so that the engine can stand behind a pipe today and a socket on another machine later.
 */
export class FramedLink<Outgoing, Incoming> {
  readonly #stream: Duplex;
  readonly #onMessage: (message: Incoming, payload: Buffer) => void;
  #chunks: Buffer[] = [];
  #buffered = 0;

  /** `payload` in `onMessage` is the receiver's to keep; it is empty for messages without one. */
  constructor(stream: Duplex, onMessage: (message: Incoming, payload: Buffer) => void) {
    this.#stream = stream;
    this.#onMessage = onMessage;
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** Sends a message; `payload` must not change until it is written. */
  send(message: Outgoing, payload?: Buffer): void {
    if (this.#stream.destroyed) return; // the far side is gone, and its owner hears of that by itself
    const header = Buffer.from(JSON.stringify(message));
    const prefix = Buffer.allocUnsafe(LENGTH_BYTES + header.length);
    prefix.writeUInt32BE(header.length, 0);
    prefix.writeUInt32BE(payload?.length ?? 0, 4);
    header.copy(prefix, LENGTH_BYTES);
    this.#stream.cork();
    this.#stream.write(prefix);
    if (payload !== undefined && payload.length > 0) this.#stream.write(payload);
    this.#stream.uncork();
  }

  /** Bytes sent and not yet taken by the far side. */
  get backlogBytes(): number {
    return this.#stream.writableLength;
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    while (this.#buffered >= LENGTH_BYTES) {
      const head = this.#peek(LENGTH_BYTES);
      const headerBytes = head.readUInt32BE(0);
      const payloadBytes = head.readUInt32BE(4);
      if (headerBytes > HEADER_BYTES_MAX || payloadBytes > PAYLOAD_BYTES_MAX) {
        this.#stream.destroy(
          new AppError(
            'engine/link-broken',
            'internal',
            `a message of ${headerBytes} + ${payloadBytes} bytes`,
          ),
        );
        return;
      }
      const total = LENGTH_BYTES + headerBytes + payloadBytes;
      if (this.#buffered < total) return;
      const whole = this.#peek(total);
      this.#drop(total);
      const message = JSON.parse(
        whole.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + headerBytes),
      ) as Incoming;
      this.#onMessage(message, whole.subarray(LENGTH_BYTES + headerBytes, total));
    }
  }

  /** The first `length` buffered bytes as one buffer. */
  #peek(length: number): Buffer {
    const first = this.#chunks[0]!;
    if (first.length >= length) return first.subarray(0, length);
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!.subarray(0, length);
  }

  #drop(length: number): void {
    this.#buffered -= length;
    const rest = this.#chunks[0]!.subarray(length);
    if (rest.length > 0) this.#chunks[0] = rest;
    else this.#chunks.shift();
  }
}
