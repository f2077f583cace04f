import { findBox, fmp4Invalid } from './mp4-box.js';

const DEFAULT_DURATION = 0x8;
/** Fields of `tfhd` that stand before the duration, where their bit is set. */
const BEFORE_DURATION = [
  { bit: 0x1, bytes: 8 },
  { bit: 0x2, bytes: 4 },
];

/**
 * Gives a fragment with one sample another decode time and length, in place. FFmpeg states the length in `tfhd`; a composition offset stays.
 *
 * @param fragment `moof` and `mdat`, the caller's own
 * @throws {AppError} `media/fmp4-invalid` where its length is not stated there
 */
export function retimeFragment(
  fragment: Buffer,
  { dtsTicks, durationTicks }: { readonly dtsTicks: number; readonly durationTicks: number },
): void {
  const traf = findBox(fragment, 0, fragment.readUInt32BE(0), 'moof', 'traf');
  const tfdt = findBox(fragment, traf.start, traf.end, 'tfdt');
  if (fragment.readUInt8(tfdt.start) === 1) fragment.writeBigUInt64BE(BigInt(dtsTicks), tfdt.start + 4);
  else fragment.writeUInt32BE(dtsTicks, tfdt.start + 4);

  const tfhd = findBox(fragment, traf.start, traf.end, 'tfhd');
  const flags = fragment.readUIntBE(tfhd.start + 1, 3);
  if ((flags & DEFAULT_DURATION) === 0) throw fmp4Invalid('has a fragment that does not say how long it is');
  // Behind version and flags, and the number of the track.
  let at = tfhd.start + 8;
  for (const { bit, bytes } of BEFORE_DURATION) if ((flags & bit) !== 0) at += bytes;
  fragment.writeUInt32BE(durationTicks, at);
}
