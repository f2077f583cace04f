import sharp from 'sharp';
import { PathBook, type EventFacts, type EventMessage, type TrackMessage } from '../../src/events/index.js';
import type { FrameMessage } from '../../src/server/protocol.js';
import { SQUARE_PICTURE, squareAt } from '../support/fmp4-source.js';
import { waitFor } from '../support/wait-for.js';
import type { SquareServer } from './square-server.js';

const { widthPx: width, heightPx: height } = SQUARE_PICTURE;
const frame = { width, height };
const MODEL = 'truth@1';
const LOOK = 64;

type Ending = Partial<Pick<EventFacts, 'endedAt' | 'ending'>>;

/** An event that lasted two seconds, long ago as given, with a picture. */
export async function tellEvent(
  server: SquareServer,
  id: string,
  secondsAgo: number,
  facts: Partial<EventFacts> = {},
  camera = 'square',
): Promise<void> {
  const startedMs = Date.now() - secondsAgo * 1000;
  await tellOne(server, id, startedMs, startedMs + 2000, facts, camera);
}

/** The square's track for so long, with its path as the application keeps it, and an event about its middle. */
export async function tellVisit(server: SquareServer, id: string, seconds: number): Promise<void> {
  const book = new PathBook();
  let [first, last]: (FrameMessage | undefined)[] = [];
  const message = (type: TrackMessage['type'], { epoch, ptsMs, time, camera }: FrameMessage) =>
    ({
      ...({ v: 1, camera, type, time, epoch, ptsMs, frame, model: MODEL } as const),
      track: { id: `square-run-${id}`, label: 'person', score: 0.81, box: squareAt(ptsMs) },
    }) as TrackMessage;
  const follow = (seen: FrameMessage) => {
    // A stream that begins anew ends the track, and another begins.
    if (first === undefined || seen.epoch !== first.epoch) {
      first = seen;
      book.take(message('track.started', seen));
    }
    last = seen;
    const context = { capturedAtMs: Date.parse(seen.time) };
    book.follow(seen.objects, () => `square-run-${id}`, context as Parameters<PathBook['follow']>[2]);
  };
  server.onAnalysed.add(follow);
  const lastedMs = () => (first && last ? Date.parse(last.time) - Date.parse(first.time) : 0);
  await waitFor(() => lastedMs() >= seconds * 1000, { timeoutMs: 60_000, what: 'the square to be followed' });
  server.onAnalysed.delete(follow);
  const started = message('track.started', first!);
  const ended = message('track.ended', last!);
  await server.tell(started);
  await server.tell(ended, book.take(ended));
  await keepLook(server, started, 0);
  const [fromMs, toMs] = [started, ended].map(({ time }) => Date.parse(time));
  const tracks = [ended.track];
  await tellOne(server, id, fromMs! + 500, toMs! - 500, { label: 'person', tracks }, 'square');
}

/** A track of before, which looks as its angle says: those near to each other look alike. */
export async function tellLook(
  server: SquareServer,
  id: string,
  secondsAgo: number,
  angle: number,
  label = 'person',
): Promise<void> {
  const time = new Date(Date.now() - secondsAgo * 1000).toISOString();
  const track = { id, label, score: 0.7, box: [100, 100, 180, 180] } as const;
  const started = { v: 1, type: 'track.started', camera: 'square', time, epoch: 1, ptsMs: 0, frame, track, model: MODEL } as const; // prettier-ignore
  await server.tell(started);
  await keepLook(server, started, angle);
}

async function keepLook(server: SquareServer, { track, time }: TrackMessage, angle: number): Promise<void> {
  const embedding = new Float32Array(LOOK);
  embedding.set([Math.cos(angle), Math.sin(angle)]);
  const { id, label } = track;
  const seenMs = Date.parse(time);
  const look = { track: id, camera: 'square', label, seenMs, model: 'look@1', embedding };
  await server.store.table('looks').write('put', look);
  const shows = [100, 100, 180, 180] as const;
  const facts = { camera: 'square', seenMs, shows, boxes: [shows] };
  const red = Math.round(120 + 100 * Math.cos(angle));
  await server.store.table('pictures').write('put', { kind: 'track', id }, facts, await plain(96, 128, red));
}

async function tellOne(
  server: SquareServer,
  id: string,
  startedMs: number,
  endedMs: number,
  facts: Partial<EventFacts>,
  camera: string,
): Promise<void> {
  const message = (type: EventMessage['type'], atMs: number, ending: Ending): EventMessage => ({
    ...({ v: 1, type, camera, time: new Date(atMs).toISOString(), frame, model: MODEL } as const),
    event: {
      ...{ id, severity: 'info', tracks: [], zone: 'street', label: 'person' },
      ...{ rule: { name: 'someone', type: 'inside', version: '1' } },
      startedAt: new Date(startedMs).toISOString(),
      ...facts,
      ...ending,
    },
  });
  await server.tell(message('event.started', startedMs, {}));
  const shows = [0, 0, width, height] as const;
  const picture = { camera, seenMs: startedMs, shows, boxes: [[40, 30, 120, 110] as const] };
  const jpeg = await plain(width, height, facts.severity === 'alert' ? 160 : 60);
  await server.store.table('pictures').write('put', { kind: 'event', id }, picture, jpeg, 'info');
  const endedAt = new Date(endedMs).toISOString();
  await server.tell(message('event.ended', endedMs, { endedAt, ending: 'over' }));
}

function plain(widthPx: number, heightPx: number, red: number): Promise<Buffer> {
  const background = { r: red, g: 90, b: 120 };
  return sharp({ create: { width: widthPx, height: heightPx, channels: 3, background } })
    .jpeg()
    .toBuffer();
}
