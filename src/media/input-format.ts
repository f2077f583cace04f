/** How an input is read: FFmpeg is never left to guess among all that it knows. */
export interface InputFormat {
  /** The demuxer, forced; undefined where any of {@link CONTAINER_DEMUXERS} will do. */
  readonly demuxer?: 'rtsp' | 'hls' | 'mpjpeg' | 'mjpeg' | 'mpegts' | 'mov' | 'matroska' | 'flv' | 'v4l2';
  /** Protocols that this input may open, itself or through what it names. */
  readonly protocols: readonly string[];
  /** Comes as fast as it is read: it has to be slowed down to real time. */
  readonly isPaced: boolean;
  /** How long FFmpeg may look at the stream before it begins, unless it knows size and coding sooner. */
  readonly analyseMs: number;
  /** Carries no times of its own: frames get the time of their arrival. */
  readonly lacksTimes: boolean;
}

/**
 * Demuxers of plain containers and streams. Left out is whatever can name other files or addresses
 * (playlists, `concat`, `sdp`, `dash`), text, and devices.
 */
export const CONTAINER_DEMUXERS = [
  ...[
    'mov',
    'matroska',
    'avi',
    'mpegts',
    'mpeg',
    'flv',
    'asf',
    'ogg',
    'nut',
    'mxf',
    'dv',
    'rm',
    'ivf',
    'gif',
    'apng',
  ],
  ...[
    'h264',
    'hevc',
    'm4v',
    'mpegvideo',
    'mjpeg',
    'mpjpeg',
    'obu',
    'av1',
    'yuv4mpegpipe',
    'swf',
    'vc1',
    'wtv',
  ],
] as const;

const HTTP = ['http', 'https', 'tcp', 'tls', 'crypto'];
const plain = { isPaced: false, analyseMs: 5000, lacksTimes: false };
/** FLV may always get another stream, so that FFmpeg uses all its time; but size and coding come before the first frame. */
const FLV_ANALYSE_MS = 1000;

/** Formats by the kind of source; for HTTP see {@link httpFormat}. */
export const FORMATS = {
  rtsp: { demuxer: 'rtsp', protocols: ['rtsp', 'rtsps', 'rtp', 'udp', 'tcp', 'tls'], ...plain },
  rtmp: { demuxer: 'flv', protocols: ['rtmp', 'rtmps', 'tcp', 'tls'], ...plain, analyseMs: FLV_ANALYSE_MS },
  srt: { demuxer: 'mpegts', protocols: ['srt', 'udp'], ...plain },
  udp: { demuxer: 'mpegts', protocols: ['udp'], ...plain },
  device: { demuxer: 'v4l2', protocols: ['file'], ...plain },
  file: { protocols: ['file'], ...plain, isPaced: true },
  // Size and coding stand in its header.
  webcam: { demuxer: 'matroska', protocols: ['pipe'], ...plain, analyseMs: 500 },
} as const satisfies Record<string, InputFormat>;

/**
 * What a web server's answer is: by its first bytes where they tell, else by its content type. Undefined for
 * what is no video (a login page, for example).
 *
 * @param contentType the header's value
 * @param start the first bytes of the body, a few hundred at least unless it is shorter
 */
export function httpFormat(contentType: string, start: Uint8Array): InputFormat | undefined {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const head = Buffer.from(start.buffer, start.byteOffset, start.byteLength);
  const format = (
    demuxer: NonNullable<InputFormat['demuxer']>,
    traits: Partial<InputFormat> = {},
  ): InputFormat => ({
    demuxer,
    protocols: HTTP,
    ...plain,
    ...traits,
  });
  const flv = () => format('flv', { analyseMs: FLV_ANALYSE_MS });
  if (type.startsWith('multipart/')) return format('mpjpeg', { lacksTimes: true });
  if (/mpegurl/.test(type) || head.toString('latin1', 0, 7) === '#EXTM3U')
    return format('hls', { isPaced: true });
  if (head.toString('latin1', 4, 8) === 'ftyp' || head.toString('latin1', 4, 8) === 'moov')
    return format('mov', { isPaced: true });
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3) return format('matroska', { isPaced: true });
  if (head.toString('latin1', 0, 3) === 'FLV') return flv();
  if (head[0] === 0x47 && (head.length <= 188 || head[188] === 0x47)) return format('mpegts');
  if (head.length >= 3 && head.readUIntBE(0, 3) === 0xffd8ff) return format('mjpeg', { lacksTimes: true });
  if (type === 'video/mp4') return format('mov', { isPaced: true });
  if (type === 'video/mp2t') return format('mpegts');
  if (type === 'video/x-flv') return flv();
  if (type === 'video/webm' || type === 'video/x-matroska') return format('matroska', { isPaced: true });
  return undefined;
}
