import type { Mp4Fragment, Mp4Init } from './fmp4.js';

const AVC_SPS = 7;
const HEVC_SPS = 33;

/**
 * A sequence parameter set in a keyframe that its init segment does not have: the camera changed size or
 * coding, and the init segment is out of date. Undefined when there is none.
 */
export function newParameterSet(fragment: Mp4Fragment, init: Mp4Init): Buffer | undefined {
  const { bytes, payloadStart } = fragment;
  const { nalLengthBytes, parameterSets } = init;
  if (!fragment.isKeyframe || nalLengthBytes === 0) return undefined;
  const isAvc = init.codec.startsWith('avc');
  for (let at = payloadStart; at + nalLengthBytes < bytes.length;) {
    const length = bytes.readUIntBE(at, nalLengthBytes);
    const start = at + nalLengthBytes;
    const first = bytes[start] ?? 0;
    const isSps = isAvc ? (first & 0x1f) === AVC_SPS : ((first >> 1) & 0x3f) === HEVC_SPS;
    if (isSps) {
      const set = bytes.subarray(start, start + length);
      if (!parameterSets.some((known) => known.equals(set))) return set;
    }
    at = start + length;
  }
  return undefined;
}
