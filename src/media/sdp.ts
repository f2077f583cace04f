/** Codecs by their name in a session description; the names that FFmpeg uses. */
const CODECS: Readonly<Record<string, string>> = {
  h264: 'h264',
  h265: 'hevc',
  hevc: 'hevc',
  jpeg: 'mjpeg',
  'mp4v-es': 'mpeg4',
  av1: 'av1',
  vp8: 'vp8',
  vp9: 'vp9',
  mp2t: 'mpegts',
};
/** Payload types that need no `rtpmap` (RFC 3551). */
const STATIC_TYPES: Readonly<Record<string, string>> = {
  26: 'mjpeg',
  31: 'h261',
  32: 'mpeg2video',
  33: 'mpegts',
  34: 'h263',
};

/**
 * The codec of a session description's first video track, by FFmpeg's name, or in lower case as it stands
 * there; undefined when there is no video.
 * @see RFC 4566
 */
export function videoCodecOfSdp(sdp: string): string | undefined {
  const lines = sdp.split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith('m=video'));
  if (start < 0) return undefined;
  const payloadType = lines[start]?.split(' ')[3] ?? '';
  for (const line of lines.slice(start + 1)) {
    if (line.startsWith('m=')) break;
    const mapped = /^a=rtpmap:(\d+)\s+([^/\s]+)/.exec(line);
    if (mapped?.[1] !== payloadType) continue;
    const name = mapped[2]?.toLowerCase() ?? '';
    return CODECS[name] ?? name;
  }
  return STATIC_TYPES[payloadType] ?? 'unknown';
}
