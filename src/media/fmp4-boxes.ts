import { AppError } from '../base/index.js';

/** One box of an ISO base media file: where it and its content lie in the buffer it was read from. */
export interface Mp4Box {
  readonly type: string;
  readonly start: number;
  /** First byte after size and type. */
  readonly content: number;
  readonly end: number;
}

/** The boxes between `from` and `to`. @throws {AppError} `media/fmp4-invalid` for a size that does not fit */
export function readBoxes(bytes: Buffer, from: number, to: number): Mp4Box[] {
  const boxes: Mp4Box[] = [];
  for (let start = from; start + 8 <= to; ) {
    const box = readBox(bytes, start, to);
    boxes.push(box);
    start = box.end;
  }
  return boxes;
}

function readBox(bytes: Buffer, start: number, to: number): Mp4Box {
  const size32 = bytes.readUInt32BE(start);
  const type = bytes.toString('latin1', start + 4, start + 8);
  const isLarge = size32 === 1;
  const size = isLarge ? Number(bytes.readBigUInt64BE(start + 8)) : size32;
  const content = start + (isLarge ? 16 : 8);
  if (size < content - start || start + size > to) throw invalidMp4(`a box ${type} of ${size} bytes at ${start}`);
  return { type, start, content, end: start + size };
}

/** The first box at `path` within the given boxes, for example `trak/mdia/mdhd`. */
export function findBox(bytes: Buffer, boxes: readonly Mp4Box[], path: string): Mp4Box | undefined {
  const [type, ...rest] = path.split('/');
  const box = boxes.find((candidate) => candidate.type === type);
  if (box === undefined || rest.length === 0) return box;
  return findBox(bytes, readBoxes(bytes, box.content, box.end), rest.join('/'));
}

/** As {@link findBox}, for a box without which nothing makes sense. */
export function needBox(bytes: Buffer, boxes: readonly Mp4Box[], path: string): Mp4Box {
  const box = findBox(bytes, boxes, path);
  if (box === undefined) throw invalidMp4(`no box ${path}`);
  return box;
}

export function invalidMp4(what: string): AppError {
  return new AppError('media/fmp4-invalid', 'internal', `FFmpeg's fragmented MP4 has ${what}`);
}
