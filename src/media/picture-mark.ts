import { findBox } from './mp4-box.js';

/**
 * Tells a decoder's FFmpeg (see {@link decodeArguments}) whether the picture of a fragment is wanted: those whose presentation time is
 * odd, in ticks, come out. Changes the fragment's time in place by at most one tick (11 µs); whoever needs it exactly keeps it himself.
 *
 * @param fragment `moof` and `mdat` with one sample, the caller's own
 * @param ptsTicks its presentation time
 */
export function markPicture(fragment: Buffer, ptsTicks: number, isWanted: boolean): void {
  if (Math.abs(ptsTicks % 2) === (isWanted ? 1 : 0)) return;
  const moofEnd = fragment.readUInt32BE(0);
  const { start } = findBox(fragment, 0, moofEnd, 'moof', 'traf', 'tfdt');
  const isLong = fragment.readUInt8(start) === 1;
  // Upwards, since the first time may be 0; composition offsets are relative to it, and stay.
  if (isLong) fragment.writeBigUInt64BE(fragment.readBigUInt64BE(start + 4) + 1n, start + 4);
  else fragment.writeUInt32BE(fragment.readUInt32BE(start + 4) + 1, start + 4);
}
