import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { waitFor } from '../support/wait-for.js';

/** Debian's is in a folder that only root's PATH has. */
const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin`;
const found = (name: string) => spawnSync(name, ['-h'], { env: { PATH } }).error === undefined;

/** Whether this machine has the broker; tests are skipped by name where it has not. */
export const hasMosquitto = found('mosquitto');

/** A real broker that forgets everything when it is killed. */
export class Broker {
  #child: ChildProcess | undefined;

  constructor(
    private readonly dir: string,
    private readonly port: number,
    private readonly settings: readonly string[] = ['allow_anonymous true'],
  ) {}

  async start(): Promise<void> {
    const file = path.join(this.dir, 'mosquitto.conf');
    writeFileSync(file, [`listener ${this.port} 127.0.0.1`, 'user root', ...this.settings, ''].join('\n'));
    const child = spawn('mosquitto', ['-v', '-c', file], { env: { PATH } });
    this.#child = child;
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
    await waitFor(() => / running/.test(told), {
      timeoutMs: 10_000,
      what: () => `mosquitto to run: ${told}`,
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
}

/** A client that keeps what it hears, by topic and text. */
export async function listen(
  url: string,
  options: object = {},
): Promise<{ client: MqttClient; heard: [string, string][] }> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 50, ...options });
  const heard: [string, string][] = [];
  client.on('message', (topic, payload) => heard.push([topic, payload.toString()]));
  await client.subscribeAsync('#', { qos: 1 });
  return { client, heard };
}
