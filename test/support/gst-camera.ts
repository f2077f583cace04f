import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { once } from '../../src/base/index.js';

const SCRIPT = path.join(import.meta.dirname, 'gst-camera.py');
/** Debian's Python: another one in PATH would not have its GObject bindings. */
const PYTHON = '/usr/bin/python3';
const START_TIMEOUT_MS = 20_000;

/**
 * Live cameras by GStreamer's RTSP server: an independent implementation, since a camera written by us may
 * share our misunderstandings. Wants Debian's `python3-gi`, `gir1.2-gst-rtsp-server-1.0`,
 * `gstreamer1.0-plugins-good` and `gstreamer1.0-plugins-bad`.
 */
export class GstCamera {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #credentials: string;

  private constructor(child: ChildProcess, port: number, credentials: string) {
    this.#child = child;
    this.port = port;
    this.#credentials = credentials;
  }

  /** Whether this machine has what is needed; tests are skipped by name where it has not. */
  static available(): boolean {
    return spawnSync(PYTHON, [SCRIPT, '--check'], { stdio: 'ignore' }).status === 0;
  }

  /** @param auth when given, digest authentication is asked for */
  static async open(auth?: { readonly user: string; readonly password: string }): Promise<GstCamera> {
    const args = auth ? [SCRIPT, auth.user, auth.password] : [SCRIPT];
    const child = spawn(PYTHON, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const port = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`GStreamer's RTSP server did not start within ${START_TIMEOUT_MS} ms`));
      }, START_TIMEOUT_MS);
      createInterface({ input: child.stdout }).once('line', (line) => {
        clearTimeout(timer);
        resolve(Number(line.replace('port ', '')));
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`GStreamer's RTSP server exited with ${code}`)));
    });
    return new GstCamera(child, port, auth ? `${auth.user}:${encodeURIComponent(auth.password)}@` : '');
  }

  /** The address of a mount: `h264` and `h265` are copied as they are, `vp8` and `mjpeg` must be transcoded. */
  url(mount: 'h264' | 'h265' | 'vp8' | 'mjpeg'): string {
    return `rtsp://${this.#credentials}127.0.0.1:${this.port}/${mount}`;
  }

  readonly close = once(async () => {
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await exited;
    }
  });
}
