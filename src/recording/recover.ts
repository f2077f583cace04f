import { open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, type Log, renameDurably } from '../base/index.js';
import { TICKS_PER_SECOND } from '../ingest/index.js';
import type { SegmentRow } from '../store/index.js';
import { PART } from './open-segment.js';
import { descriptionOf, scanSegment, type ScannedSegment } from './scan-segment.js';
import type { SegmentIndex, Tier } from './tier.js';

const PAGE_ROWS = 5000;
const TICKS_PER_MS = TICKS_PER_SECOND / 1000;

/** What is to be brought in order. */
export interface RecoverOptions {
  /** Those that may be used. */
  readonly tiers: readonly Tier[];
  readonly index: SegmentIndex;
  readonly log: Log;
}

/** What was found at the start. */
export interface Recovered {
  /** Files that were being written when the server ended, and are segments now. */
  readonly ended: number;
  /** Whole files that the index did not have. */
  readonly adopted: number;
  /** Entries of the index without a file. */
  readonly forgotten: number;
  /** Copies that are not needed, and files without a picture. */
  readonly deleted: number;
}

/**
 * Makes folders and index agree after whatever ended the last run: unfinished files are cut behind their last whole frame and ended, files that
 * the index lacks are taken in, and entries without a file go. Nothing may record meanwhile.
 */
export async function recoverSegments({ tiers, index, log }: RecoverOptions): Promise<Recovered> {
  const counts = { ended: 0, adopted: 0, forgotten: 0, deleted: 0 };
  const known = await knownFiles(index);
  const onDisk = new Map<Tier, Set<string>>();
  for (const tier of tiers) onDisk.set(tier, await filesOf(tier.dir));
  const holds = (name: string, file: string) =>
    tiers.some((tier) => tier.name === name && onDisk.get(tier)!.has(file));

  for (const [tier, files] of onDisk) {
    for (const file of files) {
      const isPart = file.endsWith(PART);
      const entry = known.get(isPart ? file.slice(0, -PART.length) : file);
      if (entry?.tier === tier.name && !isPart) continue;
      try {
        if (entry !== undefined) {
          // Half a copy, or one side of a move between tiers; the other file counts, if it is there.
          if (!isPart && !holds(entry.tier, file)) await index.write('move', entry.id, tier.name);
          else {
            await rm(path.join(tier.dir, file));
            counts.deleted++;
          }
        } else {
          const row = await takeIn(tier, file);
          if (row === undefined) counts.deleted++;
          else {
            await index.write('add', [row]);
            if (isPart) counts.ended++;
            else counts.adopted++;
          }
        }
      } catch (error) {
        log.warn({ file, cause: messageOf(error) }, 'a recorded file could not be taken in');
      }
    }
    const missing = [...known].filter(([file, entry]) => entry.tier === tier.name && !files.has(file));
    const isElsewhere = (file: string) => tiers.some((other) => onDisk.get(other)!.has(file));
    const gone = missing.filter(([file]) => !isElsewhere(file)).map(([, { id }]) => id);
    counts.forgotten += gone.length;
    if (gone.length > 0) await index.write('remove', gone);
  }
  return counts;
}

async function knownFiles(index: SegmentIndex): Promise<Map<string, { id: number; tier: string }>> {
  const known = new Map<string, { id: number; tier: string }>();
  for (let after = 0; ;) {
    const page = await index.read('paths', after, PAGE_ROWS);
    for (const { id, tier, path: file } of page) known.set(file, { id, tier });
    const last = page.at(-1);
    if (last === undefined) return known;
    after = last.id;
  }
}

/** Segment files of a folder by their paths within it: `camera/day/time.mp4`, also unfinished ones. */
async function filesOf(dir: string): Promise<Set<string>> {
  const found = new Set<string>();
  const foldersIn = async (folder: string) =>
    (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  for (const camera of await foldersIn(dir))
    for (const day of await foldersIn(path.join(dir, camera)))
      for (const name of await readdir(path.join(dir, camera, day)))
        if (name.endsWith('.mp4') || name.endsWith(`.mp4${PART}`)) found.add(`${camera}/${day}/${name}`);
  return found;
}

/** Ends a file in order and describes it; a file without a picture is deleted. */
async function takeIn(tier: Tier, file: string): Promise<SegmentRow | undefined> {
  const place = path.join(tier.dir, file);
  const isPart = file.endsWith(PART);
  const handle = await open(place, isPart ? 'r+' : 'r');
  let scanned: ScannedSegment | undefined;
  try {
    const { size } = await handle.stat();
    scanned = await scanSegment(handle, size);
    if (isPart && scanned !== undefined) {
      await handle.truncate(scanned.endOffset);
      await handle.sync();
    }
  } finally {
    await handle.close();
  }
  const note = scanned?.note;
  if (scanned === undefined || note === undefined) {
    if (isPart) await rm(place);
    return undefined;
  }
  const target = isPart ? file.slice(0, -PART.length) : file;
  if (isPart) await renameDurably(place, path.join(tier.dir, target));
  const { init, ptsTicks, dtsTicks, lastDurationTicks } = scanned;
  const lastTicks = ptsTicks.reduce((most, pts) => Math.max(most, pts), 0) + lastDurationTicks;
  return {
    camera: note.camera,
    startMs: note.startMs,
    endMs: Math.round(note.startMs + (lastTicks - ptsTicks[0]!) / TICKS_PER_MS),
    epoch: note.epoch,
    cause: note.cause,
    severity: note.severity,
    codec: init.codec,
    widthPx: init.widthPx,
    heightPx: init.heightPx,
    description: descriptionOf(init.bytes),
    frames: dtsTicks.length,
    bytes: scanned.endOffset,
    tier: tier.name,
    path: target,
  };
}
