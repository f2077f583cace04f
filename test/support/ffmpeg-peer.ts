import { spawn, type ChildProcess } from 'node:child_process';
import { once } from '../../src/base/index.js';
import { ffmpegPrograms } from './clips.js';

/**
 * The other side of a connection: the system's FFmpeg, which plays a clip in real time, over and over, to whoever
 * connects to it (`-listen 1`, `mode=listener`) or to an address. When it is ready nobody is told: connections try again.
 */
export class FfmpegPeer {
  readonly #child: ChildProcess;

  /**
   * @param options.format a muxer of FFmpeg
   * @param options.to an output address, with what FFmpeg wants in front of it
   */
  constructor(options: { readonly clip: string; readonly format: string; readonly to: readonly string[] }) {
    const { clip, format, to } = options;
    const input = ['-nostdin', '-v', 'error', '-re', '-stream_loop', '-1', '-i', clip];
    this.#child = spawn(ffmpegPrograms[0]?.path ?? 'ffmpeg', [...input, '-c', 'copy', '-f', format, ...to], {
      stdio: 'ignore',
    });
  }

  /** Ends it without a farewell to the other side. */
  readonly close = once(async () => {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await exited;
  });
}
