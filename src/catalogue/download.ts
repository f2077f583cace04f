import { open } from 'node:fs/promises';
import type { Clock } from '../base/index.js';
import { openAddress } from './mirrors.js';
import type { PartFile } from './part-file.js';

/** How a file is fetched from one address. */
export interface DownloadOptions {
  /** Its exact size where that is known. */
  readonly sizeBytes: number | undefined;
  /** No more is ever written. */
  readonly bytesMax: number;
  /** Time within which at least {@link DownloadOptions.stallBytes} must come. */
  readonly stallTimeoutMs: number;
  readonly stallBytes: number;
  readonly clock: Clock;
  readonly onProgress: (bytes: number) => void;
  readonly signal?: AbortSignal;
}

/** The content cannot be the file that is wanted; what has come of it is of no use. */
export class WrongContent extends Error {}

/**
 * Fetches the rest of a file into `part`. Asks for the missing range only: under `If-Range` when the part came from this
 * address, so that a changed file is sent whole, and without when it came from another mirror, as the hash will tell.
 *
 * @throws {WrongContent} when size and range do not fit; {Error} for everything that another try may mend
 */
export async function downloadInto(part: PartFile, address: string, options: DownloadOptions): Promise<void> {
  const { sizeBytes, bytesMax } = options;
  let offset = await part.sizeBytes();
  const origin = offset === 0 ? undefined : await part.origin();
  if (offset > bytesMax || origin === undefined || (origin.url === address && origin.validator === undefined))
    offset = 0;
  if (offset === 0) await part.clear();
  if (offset > 0 && offset === sizeBytes) return;

  const watch = new StallWatch(options);
  const signals = [watch.signal, ...(options.signal === undefined ? [] : [options.signal])];
  try {
    const response = await openAddress(
      address,
      {
        // A compressed answer would make sizes and ranges mean something else.
        'accept-encoding': 'identity',
        ...(offset === 0 ? {} : { range: `bytes=${offset}-` }),
        ...(offset > 0 && origin?.url === address ? { 'if-range': origin.validator! } : {}),
      },
      AbortSignal.any(signals),
    );
    // Nothing is missing, or the file is another by now: the hash will tell.
    if (response.status === 416 && offset > 0) return;
    if (response.status !== 200 && response.status !== 206) throw new Error(`HTTP status ${response.status}`);
    if (response.status === 200) offset = 0;
    const lengthBytes = checkedLength(response, offset, options);
    await part.setOrigin({ url: address, validator: validatorOf(response) });
    await append(part, offset, response, {
      ...options,
      totalBytes: sizeBytes ?? offset + lengthBytes,
      watch,
    });
  } catch (error) {
    throw watch.reason ?? error;
  } finally {
    watch.stop();
  }
}

/** The bytes that are to come; NaN where the server does not say. */
function checkedLength(response: Response, offset: number, { sizeBytes, bytesMax }: DownloadOptions): number {
  const length = Number(response.headers.get('content-length') ?? NaN);
  if (response.status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    if (Number(range?.[1]) !== offset) throw new WrongContent('it sent another range than was asked for');
  }
  if (sizeBytes !== undefined && !Number.isNaN(length) && offset + length !== sizeBytes)
    throw new WrongContent(`it has ${offset + length} bytes, not ${sizeBytes}`);
  if (offset + length > bytesMax) throw new WrongContent(`it has more than ${bytesMax} bytes`);
  return length;
}

async function append(
  part: PartFile,
  offset: number,
  response: Response,
  { bytesMax, totalBytes, watch, onProgress }: DownloadOptions & { totalBytes: number; watch: StallWatch },
): Promise<void> {
  const file = await open(part.path, offset === 0 ? 'w' : 'a');
  try {
    let bytes = offset;
    onProgress(bytes);
    for await (const chunk of response.body ?? []) {
      const data = chunk as Uint8Array;
      bytes += data.byteLength;
      if (bytes > bytesMax) throw new WrongContent(`it has more than ${bytesMax} bytes`);
      await file.write(data);
      watch.saw(data.byteLength);
      onProgress(bytes);
    }
    if (bytes < totalBytes) throw new Error(`the connection ended after ${bytes} of ${totalBytes} bytes`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Weak ETags promise nothing about bytes, and must not stand in `If-Range`. */
function validatorOf({ headers }: Response): string | undefined {
  const etag = headers.get('etag');
  if (etag !== null && !etag.startsWith('W/')) return etag;
  return headers.get('last-modified') ?? undefined;
}

/** Aborts when too little comes: a server that drips a byte a second is as good as dead. */
class StallWatch {
  readonly #abort = new AbortController();
  readonly #timer: { cancel(): void };
  #bytes = 0;
  /** Why it aborted; undefined while it did not. */
  reason: Error | undefined;

  constructor({ clock, stallTimeoutMs, stallBytes }: DownloadOptions) {
    this.#timer = clock.every(stallTimeoutMs, () => {
      if (this.#bytes < stallBytes) {
        this.reason ??= new Error(`it sent ${this.#bytes} bytes in ${stallTimeoutMs / 1000} s`);
        this.#abort.abort();
      }
      this.#bytes = 0;
    });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  saw(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Also lets go of an answer that was not read to its end. */
  stop(): void {
    this.#timer.cancel();
    this.#abort.abort();
  }
}
