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

/** The video that a session description offers. */
export interface SdpVideo {
  /** FFmpeg's name of the codec, or, where it has none known here, the description's in lower case. */
  readonly codec: string;
  /** Whether size and coding are described too, so that they need not be learnt from the stream. */
  readonly isDescribed: boolean;
}

/**
 * The first video track of a session description; undefined when there is none.
 * @see RFC 4566, RFC 6184, RFC 7798
 */
export function videoOfSdp(sdp: string): SdpVideo | undefined {
  const lines = sdp.split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith('m=video'));
  if (start < 0) return undefined;
  const payloadType = lines[start]?.split(' ')[3] ?? '';
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith('m='));
  const track = end < 0 ? rest : rest.slice(0, end);
  const isDescribed = track.some((line) => /^a=fmtp:.*sprop-(?:parameter-sets|sps)=\S/.test(line));
  for (const line of track) {
    const mapped = /^a=rtpmap:(\d+)\s+([^/\s]+)/.exec(line);
    if (mapped?.[1] !== payloadType) continue;
    const name = mapped[2]?.toLowerCase() ?? '';
    return { codec: CODECS[name] ?? name, isDescribed };
  }
  return { codec: STATIC_TYPES[payloadType] ?? 'unknown', isDescribed };
}
