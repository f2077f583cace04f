import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CameraRules } from '../config/index.js';
import {
  decodePath,
  RuleEngine,
  storedFrames,
  type EventFacts,
  type EventMessage,
  type PastTrack,
  type RuleFrame,
} from '../events/index.js';
import type { RulesTrial } from '../server/index.js';
import type { Cursor, Store, TrackRow } from '../store/index.js';

const PAGE = 500;
/** Of more tracks only the newest are looked at. */
const TRACKS_MAX = 5000;
const EVENTS_MAX = 5000;
/** A track that began so long before the span may still be there. */
const BEFORE_MS = 3_600_000;
/** Paths are thinned, and frames made up: a beginning or end is the same if it is no further off. */
const SAME_MS = 2000;
/** Frames between two turns of the event loop. */
const TURN_FRAMES = 200;

/** What is tried. */
export interface TrialOptions {
  readonly camera: string;
  readonly rules: CameraRules;
  /** Events that began from here on, and before `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
}

interface Told {
  readonly id: string;
  readonly event: EventFacts;
}

/**
 * Runs rules over the tracks of before, and compares with the events that were told. Objects of before have their boxes and labels, but no
 * masks; of the light and of whether the camera was there nothing is known.
 * @throws {AppError} `store/read-failed`
 */
export async function tryRules(
  store: Store,
  { camera, rules, fromMs, toMs }: TrialOptions,
): Promise<RulesTrial> {
  const { rows, isCut } = await tracksOf(store, camera, fromMs - BEFORE_MS, toMs);
  const size = rows.at(-1)?.message.frame ?? { width: 1, height: 1 };
  const of = { camera, widthPx: size.width, heightPx: size.height };
  const past: PastTrack[] = [];
  const ids: string[] = [];
  const paths = await store.table('history').read(
    'paths',
    rows.map(({ id }) => id),
  );
  rows.forEach(({ id, label, startedMs, message, text, classes }, at) => {
    const bytes = paths[at];
    if (bytes === undefined) return;
    const { score } = message.track;
    const read = text && { text: { ...text, timeMs: text.toldMs - startedMs } };
    past.push({
      ...{ label, score, startedMs, points: decodePath(bytes, of), ...read },
      classes: Object.fromEntries(classes.map(({ classifier, ...said }) => [classifier, said])),
    });
    ids.push(id);
  });
  const found = await replayed(camera, rules, storedFrames(past, of));
  const events = [...found.values()]
    .filter((event) => isWithin(event, fromMs, toMs))
    .map((event) => withIds(event, ids));
  const told = await eventsOf(store, camera, fromMs, toMs);
  return { events, ...compared(events, told), tracks: past.length, isCut };
}

/** Events by their ids, as they came to be; with pauses, in which others have their turn. */
async function replayed(
  camera: string,
  rules: CameraRules,
  frames: Iterable<RuleFrame>,
): Promise<Map<string, EventFacts>> {
  const engine = new RuleEngine({ camera, rules, trackRun: 'try', eventRun: 'try' });
  const found = new Map<string, EventFacts>();
  const take = (messages: readonly EventMessage[]) => {
    for (const { event } of messages) found.set(event.id, event);
  };
  let count = 0;
  let lastMs = 0;
  for (const frame of frames) {
    take(engine.observe(frame).messages);
    lastMs = frame.capturedAtMs;
    if (++count % TURN_FRAMES === 0) await nextTurn();
  }
  take(engine.stop('stream', lastMs));
  return found;
}

async function tracksOf(store: Store, camera: string, fromMs: number, toMs: number) {
  const rows: TrackRow[] = [];
  let after: Cursor | undefined;
  do {
    const page = await store.table('history').read('tracks', {
      cameras: [camera],
      fromMs,
      toMs,
      limit: PAGE,
      ...(after !== undefined && { after }),
    });
    rows.push(...page.rows);
    after = page.next;
  } while (after !== undefined && rows.length < TRACKS_MAX);
  return { rows: rows.reverse(), isCut: after !== undefined };
}

async function eventsOf(store: Store, camera: string, fromMs: number, toMs: number): Promise<Told[]> {
  const { rows } = await store
    .table('history')
    .read('events', { cameras: [camera], fromMs, toMs, limit: EVENTS_MAX });
  return rows.map(({ id, message: { event } }) => ({ id, event }));
}

/** An event's tracks under the ids that they had. */
function withIds(event: EventFacts, ids: readonly string[]): EventFacts {
  const tracks = event.tracks.map((track) => {
    const number = Number(track.id.slice(track.id.lastIndexOf('-') + 1));
    return { ...track, id: ids[number - 1] ?? track.id };
  });
  return { ...event, tracks };
}

function isWithin({ startedAt }: EventFacts, fromMs: number, toMs: number): boolean {
  const startedMs = Date.parse(startedAt);
  return startedMs >= fromMs && startedMs < toMs;
}

/** Each event beside one that was told: of a rule of the same name, about one of the same tracks where it is about any, at about that time. */
function compared(events: readonly EventFacts[], told: readonly Told[]) {
  const left = new Set(told);
  const fresh: string[] = [];
  const changed: { id: string; was: string }[] = [];
  for (const event of events) {
    const twin = [...left].find((one) => isTwin(event, one.event));
    if (twin === undefined) {
      fresh.push(event.id);
      continue;
    }
    left.delete(twin);
    if (!isSameTime(event, twin.event)) changed.push({ id: event.id, was: twin.id });
  }
  return { new: fresh, changed, gone: [...left].map(({ id }) => id) };
}

function isTwin(one: EventFacts, other: EventFacts): boolean {
  if (one.rule.name !== other.rule.name) return false;
  if (one.tracks.length === 0 || other.tracks.length === 0) return isNear(one.startedAt, other.startedAt);
  return one.tracks.some(({ id }) => other.tracks.some((track) => track.id === id)) && overlap(one, other);
}

function overlap(one: EventFacts, other: EventFacts): boolean {
  const endOf = ({ endedAt }: EventFacts) =>
    endedAt === undefined ? Infinity : Date.parse(endedAt) + SAME_MS;
  return Date.parse(one.startedAt) <= endOf(other) && Date.parse(other.startedAt) <= endOf(one);
}

function isSameTime(one: EventFacts, other: EventFacts): boolean {
  const ends = one.endedAt === undefined || other.endedAt === undefined || isNear(one.endedAt, other.endedAt);
  return isNear(one.startedAt, other.startedAt) && ends;
}

function isNear(one: string, other: string): boolean {
  return Math.abs(Date.parse(one) - Date.parse(other)) <= SAME_MS;
}
