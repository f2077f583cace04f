/** Size and type of a box; version and flags follow in a full one. */
const HEADER_BYTES = 8;
const FLAGS_BYTES = 4;

/**
 * When each picture of a plain MP4 is shown, ms, rising: read from the index that stands before its pictures. A browser tells only the time
 * of the picture that it shows; stepping by one needs those of its neighbours, which are not the same distance apart everywhere.
 *
 * @param head the file from its first byte, at least up to the end of `moov`
 * @returns undefined where that is no such file, or not all of its index
 */
export function frameTimes(head: DataView): number[] | undefined {
  const track = payloadOf(head, 'moov', 'trak');
  const header = track && payloadOf(track, 'mdia', 'mdhd');
  const table = track && payloadOf(track, 'mdia', 'minf', 'stbl');
  const durations = table && payloadOf(table, 'stts');
  // Version 0, as our own clips have it, has two 32-bit dates before its scale.
  if (header === undefined || durations === undefined || header.getUint8(0) !== 0) return undefined;
  const scale = header.getUint32(FLAGS_BYTES + 8);
  const edit = payloadOf(track!, 'edts', 'elst');
  const shift = edit === undefined ? 0 : edit.getInt32(FLAGS_BYTES + 8);
  const compositions = payloadOf(table!, 'ctts');
  const offsets = compositions && [...runs(compositions)];
  const times: number[] = [];
  let decodedAt = 0;
  for (const duration of runs(durations)) {
    // Offsets may be negative.
    const offset = (offsets?.[times.length] ?? 0) | 0;
    times.push(((decodedAt + offset - shift) * 1000) / scale);
    decodedAt += duration;
  }
  // Pictures before 0 are not shown.
  return times.filter((timeMs) => timeMs >= 0).sort((a, b) => a - b);
}

/** How many bytes from the start `moov` ends at; undefined while its header is not among those that are there. */
export function indexEnd(head: DataView): number | undefined {
  for (const { type, at, size } of boxesIn(head)) if (type === 'moov') return at + size;
  return undefined;
}

/** What is within a box, by the types of the boxes around it; undefined where it is not there as a whole. */
function payloadOf(within: DataView, ...path: readonly string[]): DataView | undefined {
  let inner: DataView | undefined = within;
  for (const wanted of path) {
    if (inner === undefined) return undefined;
    const outer: DataView = inner;
    const found = [...boxesIn(outer)].find(({ type }) => type === wanted);
    inner =
      found !== undefined && found.at + found.size <= outer.byteLength
        ? new DataView(outer.buffer, outer.byteOffset + found.at + HEADER_BYTES, found.size - HEADER_BYTES)
        : undefined;
  }
  return inner;
}

function* boxesIn(within: DataView): Generator<{ type: string; at: number; size: number }> {
  for (let at = 0; at + HEADER_BYTES <= within.byteLength;) {
    const size = within.getUint32(at);
    if (size < HEADER_BYTES) return;
    const type = String.fromCharCode(...[4, 5, 6, 7].map((byte) => within.getUint8(at + byte)));
    yield { type, at, size };
    at += size;
  }
}

/** The values of a run-length coded table, one for each picture. */
function* runs(table: DataView): Generator<number> {
  const count = table.getUint32(FLAGS_BYTES);
  for (let run = 0, at = FLAGS_BYTES + 4; run < count && at + 8 <= table.byteLength; run++, at += 8) {
    const value = table.getUint32(at + 4);
    for (let left = table.getUint32(at); left > 0; left--) yield value;
  }
}
