import { AppError, forbiddenSourceOf, hostOf, type Clock, type Log } from '../base/index.js';
import { lookUp, maskSource, parseSource, type Ffmpeg } from '../media/index.js';
import { Connection } from './connection.js';
import { takePicture } from './take-picture.js';
import type { ConnectionState, ConnectionStatus, Fragment, StreamInfo } from './types.js';

/** The rate is measured over so much of the stream, if so much comes. */
const MEASURED_TICKS = 90_000;
const MEASURED_MS = 2000;
const BYTES_MAX = 16 << 20;
const PICTURE_MS = 5000;

/** A name for the log; no camera can have it. */
const NAME = '(source test)';

/** What to try. */
export interface TrySourceOptions {
  /** As in the configuration, an address on the network; may hold a password, which becomes a registered secret. */
  readonly source: string;
  /** As `TakePictureOptions.widthPx`. */
  readonly pictureWidthPx: number;
  /** For a first picture to come. */
  readonly timeoutMs: number;
  /** Ends the trial early; what it resolves to then is of no use. */
  readonly signal: AbortSignal;
  readonly ffmpeg: () => Promise<Ffmpeg>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What a camera with this source would show. */
export type SourceTrial =
  | {
      readonly state: 'live';
      /** RFC 6381, for example `avc1.64001e`: as it is passed on. */
      readonly codec: string;
      readonly widthPx: number;
      readonly heightPx: number;
      /** By the stream's own times; absent where too few frames came. */
      readonly fps?: number;
      readonly transcoded: boolean;
      /** From the beginning to the arrival of the first frame that can be shown. */
      readonly firstFrameMs: number;
      /** A JPEG of what came last; absent where it could not be decoded. */
      readonly picture?: Buffer;
    }
  | {
      readonly state: Exclude<ConnectionState, 'live'>;
      /** The sentence that the camera would show. Holds no secret. */
      readonly reason: string;
    };

/**
 * Connects to a source as a camera would, once, and says what comes of it.
 *
 * @throws {AppError} `ingest/scheme-not-allowed`, `ingest/source-invalid`; `ingest/address-not-allowed` where its name stands for an address that
 *   no camera has
 */
export async function trySource(options: TrySourceOptions): Promise<SourceTrial> {
  const { source, clock, log, ffmpeg, signal, timeoutMs } = options;
  await checkAddress(source);
  const startedMs = clock.monotonicMs();
  const limits = { keyframeTimeoutMs: timeoutMs, firstFrameTimeoutMs: timeoutMs };
  const connection = new Connection({ camera: NAME, source, ffmpeg, clock, log, limits });
  const seen = new Sighting();
  let resolve: (failed: ConnectionStatus | undefined) => void;
  const ended = new Promise<ConnectionStatus | undefined>((done) => (resolve = done));
  const end = () => resolve(undefined);
  const patience = clock.after(timeoutMs, end);
  let enough: { cancel(): void } | undefined;
  signal.addEventListener('abort', end, { once: true });
  connection.on('status', (status) => {
    // A second try with another way of coding is no failure, and not counted as one.
    if (status.reconnects > 0 || status.state === 'ended') resolve(status);
  });
  connection.on('stream', (stream) => seen.begin(stream));
  connection.on('fragment', (fragment) => {
    if (seen.add(fragment)) end();
    enough ??= clock.after(MEASURED_MS, end);
  });
  try {
    if (signal.aborted) end();
    connection.start();
    const failed = await ended;
    const { transcoded } = connection.status;
    await connection.close();
    const { stream, fragments } = seen;
    const [first] = fragments;
    if (stream !== undefined && first !== undefined) {
      const picture = signal.aborted ? undefined : await pictureOf(options, stream, fragments);
      const { codec, widthPx, heightPx } = stream;
      const firstFrameMs = Math.round(first.arrivedMs - startedMs);
      return { state: 'live', codec, widthPx, heightPx, transcoded, firstFrameMs, ...seen.rate, ...picture };
    }
    const state = failed === undefined || failed.state === 'live' ? 'connecting' : failed.state;
    return {
      state,
      reason: failed?.reason ?? `no picture came from ${maskSource(source)} in ${timeoutMs / 1000} s`,
    };
  } finally {
    patience.cancel();
    enough?.cancel();
    signal.removeEventListener('abort', end);
    await connection.close();
  }
}

/** What has come, from the first keyframe of the newest stream on. */
class Sighting {
  stream: StreamInfo | undefined;
  fragments: Fragment[] = [];
  #bytes = 0;

  begin(stream: StreamInfo): void {
    this.stream = stream;
    this.fragments = [];
    this.#bytes = 0;
  }

  /** Whether that is enough. */
  add(fragment: Fragment): boolean {
    if (this.fragments.length === 0 && !fragment.isKeyframe) return false;
    this.fragments.push(fragment);
    this.#bytes += fragment.bytes.length;
    return this.#spanTicks >= MEASURED_TICKS || this.#bytes >= BYTES_MAX;
  }

  /** Frames a second, to a tenth: by the usual distance of two, since the first ones of a stream come unevenly. */
  get rate(): { readonly fps?: number } {
    const shown = this.fragments.map(({ ptsTicks }) => ptsTicks).sort((a, b) => a - b);
    const steps = shown.slice(1).map((ticks, at) => ticks - shown[at]!);
    const usual = steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
    return usual > 0 ? { fps: Math.round(900_000 / usual) / 10 } : {};
  }

  get #spanTicks(): number {
    let [least, most] = [Infinity, -Infinity];
    for (const { ptsTicks } of this.fragments)
      [least, most] = [Math.min(least, ptsTicks), Math.max(most, ptsTicks)];
    return Math.max(0, most - least);
  }
}

async function pictureOf(
  { pictureWidthPx: widthPx, ffmpeg, clock, log }: TrySourceOptions,
  stream: StreamInfo,
  fragments: readonly Fragment[],
): Promise<{ readonly picture?: Buffer }> {
  const tools = { clock, log, ffmpeg: await ffmpeg() };
  try {
    return {
      picture: await takePicture({
        camera: NAME,
        stream,
        fragments,
        widthPx,
        timeoutMs: PICTURE_MS,
        ...tools,
      }),
    };
  } catch (error) {
    log.debug({ err: error }, 'a source that was tried has no picture');
    return {};
  }
}

/** A name may stand for what is refused as a number. One that is not known is left to the connection, which says so as a camera would. */
async function checkAddress(text: string): Promise<void> {
  const source = parseSource(text);
  if (!('url' in source)) return;
  const where = maskSource(text);
  const host = hostOf(source.url);
  const address = host === '' ? undefined : await lookUp(host, where).catch(() => undefined);
  const kind = address === undefined ? undefined : forbiddenSourceOf(source.url, address);
  if (kind === undefined) return;
  throw new AppError(
    'ingest/address-not-allowed',
    'input',
    `${where} stands for an address that is ${kind}: name the camera's own`,
  );
}
