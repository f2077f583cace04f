import { execFile } from 'node:child_process';
import { messageOf } from '../base/index.js';
import type { FfmpegCapabilities } from './ffmpeg-binary.js';

/** What an FFmpeg program says of itself. */
export interface FfmpegProbe {
  readonly facts: { readonly version: string; readonly capabilities: FfmpegCapabilities };
  /** libavformat's version, the only one that also orders builds from git. */
  readonly libavformat: readonly number[];
}

const PROBE_TIMEOUT_MS = 10_000;
const PROBE_BYTES_MAX = 16 << 20;

/**
 * Asks an FFmpeg program for its version and for what differs between versions.
 * @throws when it does not run or does not answer as FFmpeg does
 */
export async function probeFfmpeg(file: string): Promise<FfmpegProbe> {
  const versionText = await ask(file, '-version');
  const version = /^ffmpeg version (\S+)/m.exec(versionText)?.[1];
  const libavformat = /^libavformat\s+(\d+)\.\s*(\d+)\.\s*(\d+)/m.exec(versionText)?.slice(1).map(Number);
  if (version === undefined || libavformat === undefined) {
    throw new Error(`does not answer as FFmpeg does: "${versionText.slice(0, 80).trim()}"`);
  }
  const [rtsp, options, encoders, filters, protocols, demuxers, http] = await Promise.all([
    ask(file, '-h', 'demuxer=rtsp'),
    ask(file, '-h', 'long'),
    ask(file, '-encoders'),
    ask(file, '-filters'),
    ask(file, '-protocols'),
    ask(file, '-demuxers'),
    ask(file, '-h', 'protocol=http'), // old ones answer with the general help
  ]);
  if (!rtsp.includes('-rtsp_transport')) throw new Error('cannot read RTSP');
  const inputProtocols = /Input:([\s\S]*?)Output:/.exec(protocols)?.[1] ?? '';
  const capabilities: FfmpegCapabilities = {
    rtspTimeoutOption: /^\s+-stimeout\s/m.test(rtsp) ? 'stimeout' : 'timeout',
    fpsMode: /^-fps_mode\s/m.test(options) ? 'fps_mode' : 'vsync',
    encodesH264: /^\s*V\S*\s+libx264\s/m.test(encoders),
    drawsAss: /^\s*[A-Z.]{3}\s+ass\s/m.test(filters),
    protocols: inputProtocols.split(/\s+/).filter((name) => name !== ''),
    readsV4l2: /^\s*D\s+\S*v4l2\S*\s/m.test(demuxers),
    limitsRedirects: /^\s+-max_redirects\s/m.test(http),
  };
  return { facts: { version, capabilities }, libavformat };
}

/** Whether `one` is of a later version than `other`. */
export function isNewer(one: FfmpegProbe, other: FfmpegProbe): boolean {
  const at = one.libavformat.findIndex((part, index) => part !== other.libavformat[index]);
  return at >= 0 && (one.libavformat[at] ?? 0) > (other.libavformat[at] ?? 0);
}

function ask(file: string, ...question: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const limits = { timeout: PROBE_TIMEOUT_MS, maxBuffer: PROBE_BYTES_MAX, killSignal: 'SIGKILL' } as const;
    execFile(file, ['-hide_banner', ...question], limits, (error, stdout) => {
      if (error === null) resolve(stdout);
      else if (error.killed === true)
        reject(new Error(`did not answer ${question[0]} in ${PROBE_TIMEOUT_MS} ms`));
      else reject(new Error(`fails: ${firstLine(messageOf(error))}`));
    });
  });
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
