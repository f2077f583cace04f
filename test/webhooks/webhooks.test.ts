import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { createLog, systemClock, type Clock } from '../../src/base/index.js';
import type { WebhookConfig } from '../../src/config/index.js';
import type { DurableMessage } from '../../src/events/index.js';
import { createMetrics, type Metrics } from '../../src/metrics/index.js';
import { Store } from '../../src/store/index.js';
import { Webhooks } from '../../src/webhooks/index.js';
import { lookUpReceiver } from '../../src/webhooks/receiver-address.js';
import { CANARY_PASSWORD, canaryFormsIn } from '../support/canary.js';
import { FakeClock } from '../support/fake-clock.js';
import { freePort } from '../support/free-port.js';
import { waitFor } from '../support/wait-for.js';
import { Receiver } from './receiver.js';

const SECRET = `${CANARY_PASSWORD.replaceAll(' ', '_')}-of-a-webhook`;
const TIMEOUT_MS = 10_000;

let dataDir: string;
let store: Store;
let receiver: Receiver;
let webhooks: Webhooks;
let clock: FakeClock;
let metrics: Metrics;
let logged: string[];
const closables: { close(): unknown }[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sightline-webhooks-'));
  clock = new FakeClock();
  metrics = createMetrics({ clock: systemClock });
  logged = [];
  receiver = await Receiver.open();
  closables.push(receiver, metrics);
  await openAll();
});
afterEach(async () => {
  await closeAll();
  for (const one of closables.splice(0)) await one.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function openAll(options: { retentionCount?: number; on?: Clock } = {}): Promise<void> {
  const { retentionCount, on = clock } = options;
  const log = createLog('debug', (line) => logged.push(line));
  store = await Store.open({
    ...{ dataDir, clock: systemClock, log },
    ...(retentionCount !== undefined && { retentionCount }),
  });
  const table = store.table('readers');
  webhooks = new Webhooks({ journal: store.journal, table, metrics, clock: on, log, random: () => 0.5 });
}

async function closeAll(): Promise<void> {
  await webhooks.close();
  await store.close();
}

const hook = (more: Partial<WebhookConfig> = {}): WebhookConfig => ({
  ...{ id: 'alarms', url: receiver.url, secret: SECRET, topics: ['camera'], cameras: '*' },
  ...more,
});

function message(reason: string, camera = 'gate'): DurableMessage {
  const status = { state: 'live', reason, transcoded: false };
  return { v: 1, type: 'camera.status', camera, time: '2026-05-04T09:30:12.480Z', status };
}

function trackMessage(type: 'track.started' | 'track.ended', camera = 'gate'): DurableMessage {
  return {
    ...{ v: 1, type, camera, time: '2026-05-04T09:30:12.480Z', epoch: 1, ptsMs: 0 },
    frame: { width: 640, height: 360 },
    track: { id: `${camera}-1-1`, label: 'person', score: 0.8, box: [0, 0, 10, 10] },
    model: 'm',
  };
}

async function publish(...messages: DurableMessage[]): Promise<void> {
  for (const one of messages) {
    await store.journal.append(one);
    webhooks.wake();
  }
}

const arrived = (seqs: number[], at = receiver) =>
  waitFor(() => String(at.seqs) === String(seqs), {
    timeoutMs: TIMEOUT_MS,
    what: () => `${String(seqs)} to arrive, came ${String(at.seqs)}`,
  });
const lag = async () => Number(/^sightline_webhook_lag_messages (\d+)$/m.exec(await metrics.text())![1]);
const caughtUp = () => waitFor(async () => (await lag()) === 0, { timeoutMs: TIMEOUT_MS, what: 'no lag' });
const counted = async (name: string) => {
  const line = new RegExp(`^sightline_webhook_${name.replace(/[{}]/g, '\\$&')} (\\d+)$`, 'm');
  return Number(line.exec(await metrics.text())?.[1] ?? 0);
};
/** Until a delivery has failed and its repetition waits for the clock. */
const failures = (count: number, reason = 'rejected') =>
  waitFor(
    async () => (await counted(`deliveries_total{reason="${reason}"}`)) >= count && clock.pendingTimers > 0,
    {
      timeoutMs: TIMEOUT_MS,
      what: `${count} posts that were ${reason}`,
    },
  );

describe('a webhook', () => {
  it('gets each message in order, as the WebSocket has it, and not what was before it', async () => {
    await publish(message('before'));
    await webhooks.apply([hook()]);
    await publish(message('a'), message('b'), message('c'));
    await arrived([2, 3, 4]);
    const { body, headers } = receiver.received[0]!;
    expect(body.toString()).toBe(JSON.stringify({ seq: 2, ...message('a') }));
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': '2',
      'sightline-webhook': 'alarms',
    });
    await caughtUp();
    expect(await counted('deliveries_total{reason="delivered"}')).toBe(3);
    expect(clock.pendingTimers).toBe(0);
  });

  it('tells what its topics, types and cameras want, and nothing else', async () => {
    const other = await Receiver.open();
    closables.push(other);
    await webhooks.apply([
      hook({ topics: ['track'], cameras: ['gate'] }),
      hook({ id: 'ends', url: other.url, topics: ['event'], types: ['track.ended'] }),
    ]);
    await publish(message('1'), trackMessage('track.started'), trackMessage('track.ended', 'yard'));
    await publish(trackMessage('track.ended'));
    await arrived([2, 4]);
    await arrived([3, 4], other);
  });

  it('repeats after 500 and a redirect, ever more slowly, and then goes on in order', async () => {
    const answers = [500, 302];
    receiver.answer = () => answers.shift() ?? 200;
    await webhooks.apply([hook()]);
    await publish(message('a'), message('b'));
    await failures(1);
    await clock.advanceAsync(999);
    expect(receiver.seqs).toEqual([1]);
    expect(await lag()).toBe(2);
    await clock.advanceAsync(1);
    await arrived([1, 1]);
    await failures(2);
    await clock.advanceAsync(1999);
    expect(receiver.seqs).toEqual([1, 1]);
    await clock.advanceAsync(1);
    await arrived([1, 1, 1, 2]);
    const keys = receiver.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual(['1', '1', '1', '2']);
    // Each repetition is signed anew.
    const signatures = receiver.received.map(({ headers }) => headers['sightline-signature']);
    expect(new Set(signatures).size).toBe(4);
  });

  it.each([
    ['seconds', () => '40', 40_000],
    ['a time', () => new Date(clock.wallMs() + 40_000).toUTCString(), 40_000],
    ['more than five minutes', () => '86400', 300_000],
    ['what cannot be read', () => 'soon', 1000],
    ['less than it would wait anyway', () => '0', 1000],
  ])('waits as long as Retry-After asks for: %s', async (_, retryAfter, waitsMs) => {
    receiver.answer = () => 503;
    receiver.headers = { 'Retry-After': retryAfter() };
    await webhooks.apply([hook()]);
    await publish(message('a'));
    await failures(1);
    receiver.answer = () => 200;
    // A date has no fraction of a second.
    await clock.advanceAsync(waitsMs - 1000);
    expect(receiver.seqs).toEqual([1]);
    await clock.advanceAsync(1000);
    await arrived([1, 1]);
  });

  it('waits for a receiver that is not there, 5 minutes at most between two tries', async () => {
    const port = await freePort('tcp');
    await webhooks.apply([hook({ url: `http://127.0.0.1:${port}/` })]);
    await publish(message('a'));
    for (let n = 1; n <= 10; n++) {
      await failures(n, 'failed');
      await clock.advanceAsync(Math.min(300_000, 1000 * 2 ** (n - 1)));
    }
    await failures(11, 'failed');
    const late = await Receiver.open(port);
    closables.push(late);
    await clock.advanceAsync(300_000);
    await arrived([1], late);
  });

  it('repeats when there is no answer within 10 seconds', async () => {
    const answers = ['silence' as const];
    receiver.answer = () => answers.shift() ?? 200;
    await webhooks.apply([hook()]);
    await publish(message('a'));
    await arrived([1]);
    await clock.advanceAsync(9_999);
    expect(await counted('deliveries_total{reason="failed"}')).toBe(0);
    await clock.advanceAsync(1);
    await failures(1, 'failed');
    await clock.advanceAsync(1000);
    await arrived([1, 1]);
  });

  it('repeats a message whose answer was lost, and no other; at once where the connection was an old one', async () => {
    const answers = ['hang-up' as const, 200, 'hang-up' as const];
    receiver.answer = () => answers.shift() ?? 200;
    await webhooks.apply([hook()]);
    await publish(message('a'), message('b'), message('c'));
    await failures(1, 'failed');
    expect(receiver.seqs).toEqual([1]);
    await clock.advanceAsync(1000);
    await arrived([1, 1, 2, 2, 3]);
    await caughtUp();
    expect(await counted('deliveries_total{reason="failed"}')).toBe(1);
  });

  it('goes on after a restart with what was not taken: nothing is lost, and nothing comes twice', async () => {
    receiver.answer = ({ seq }) => (seq <= 2 ? 200 : 503);
    await webhooks.apply([hook()]);
    await publish(message('a'), message('b'), message('c'));
    await failures(1);
    await closeAll();
    receiver.received.length = 0;
    receiver.answer = () => 200;
    await openAll();
    await publish(message('d'));
    await webhooks.apply([hook()]);
    await arrived([3, 4]);
    await publish(message('e'));
    await arrived([3, 4, 5]);
  });

  it('says what the journal no longer had, and goes on with what it has', async () => {
    await webhooks.apply([hook({ url: `http://127.0.0.1:${await freePort('tcp')}/` })]);
    await closeAll();
    await openAll({ retentionCount: 3 });
    await publish(...Array.from({ length: 10 }, (_, n) => message(String(n))));
    await webhooks.apply([hook()]);
    await arrived([8, 9, 10]);
    expect(await counted('lost_total')).toBe(7);
    expect(logged.join('')).toContain('"from":1,"to":7');
  });

  it('is silent after 410, over restarts too, until it is changed', async () => {
    receiver.answer = () => 410;
    await webhooks.apply([hook()]);
    await publish(message('a'));
    await waitFor(() => logged.some((line) => line.includes('is gone (410)')), {
      timeoutMs: TIMEOUT_MS,
      what: 'the webhook to give up',
    });
    receiver.answer = () => 200;
    await publish(message('b'));
    await clock.advanceAsync(3600_000);
    await closeAll();
    await openAll();
    await webhooks.apply([hook()]);
    await publish(message('c'));
    await clock.advanceAsync(3600_000);
    expect(receiver.seqs).toEqual([1]);
    expect(await lag()).toBe(0);
    await webhooks.apply([hook({ url: `${receiver.url}&again` })]);
    await arrived([1, 1, 2, 3]);
    await caughtUp();
    await webhooks.apply([hook()]);
    await publish(message('d'));
    await arrived([1, 1, 2, 3, 4]);
  });

  it('is left alone when another one changes; a removed one is forgotten', async () => {
    const other = await Receiver.open();
    closables.push(other);
    const otherHook = hook({ id: 'other', url: other.url });
    receiver.answer = () => 'silence';
    await webhooks.apply([hook(), otherHook]);
    await publish(message('a'));
    await arrived([1]);
    await arrived([1], other);
    // Had it been restarted, the message under way would have been sent again.
    await webhooks.apply([hook(), { ...otherHook, cameras: ['yard'] }]);
    await publish(message('b'), message('c', 'yard'));
    await arrived([1, 3], other);
    expect(receiver.seqs).toEqual([1]);
    receiver.answer = () => 200;
    await webhooks.apply([hook({ secret: `${SECRET}-2` }), otherHook]);
    await arrived([1, 1, 2, 3]);
    await caughtUp();
    await webhooks.apply([otherHook]);
    await publish(message('d'));
    await webhooks.apply([hook(), otherHook]);
    await publish(message('e'));
    await arrived([1, 1, 2, 3, 5]);
    await arrived([1, 3, 4, 5], other);
  });

  it('connects to no link-local address, however it is written', async () => {
    const urls = ['http://169.254.169.254/', 'http://2852039166/', 'http://[::ffff:169.254.169.254]/', 'http://[fe80::1]/']; // prettier-ignore
    await webhooks.apply(urls.map((url, n) => hook({ id: `h${n}`, url })));
    await publish(message('a'));
    await failures(4, 'failed');
    expect(logged.filter((line) => line.includes('is link-local'))).toHaveLength(4);
  });

  it('finds a receiver by its name, and takes no name that stands for a link-local address', async () => {
    await webhooks.apply([hook({ url: receiver.url.replace('127.0.0.1', 'localhost') })]);
    await publish(message('a'));
    await arrived([1]);
    // Without a name server of our own: the system takes an address for a name that stands for it.
    const outcome = (name: string) =>
      new Promise((resolve) =>
        lookUpReceiver(name, { all: true }, (error, addresses) => resolve(error?.message ?? addresses)),
      );
    expect(await outcome('127.0.0.1')).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(await outcome('169.254.169.254')).toContain('169.254.169.254, which is link-local');
  });

  it('shows neither address nor secret in the log', async () => {
    receiver.answer = () => 500;
    await webhooks.apply([
      hook(),
      hook({ id: 'away', url: `http://127.0.0.1:${await freePort('tcp')}/in-the-address` }),
    ]);
    await publish(message('a'));
    await failures(1);
    await failures(1, 'failed');
    expect(logged.join('')).toContain('could not deliver');
    expect(logged.join('') + (await metrics.text())).not.toContain('in-the-address');
    expect(logged.join('')).not.toContain(SECRET);
    expect(canaryFormsIn(logged.join(''))).toEqual([]);
  });

  it('reads no more of an answer than 64 KiB, and takes its status', async () => {
    let sent = 0;
    receiver.answer = () => 'endless';
    receiver.onSent = (bytes) => (sent += bytes);
    await webhooks.apply([hook()]);
    await publish(message('a'), message('b'));
    await arrived([1, 2]);
    await caughtUp();
    expect(sent).toBeGreaterThan(64 * 1024);
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  it('does not hold up a close', async () => {
    receiver.answer = () => 'silence';
    await webhooks.apply([hook()]);
    await publish(message('a'));
    await arrived([1]);
    await webhooks.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the examples of docs/webhooks.md', () => {
  const page = readFileSync('docs/webhooks.md', 'utf8');
  const example = (language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)![1]!;

  async function signed(): Promise<{ header: string; body: Buffer; nowMs: number }> {
    await webhooks.apply([hook()]);
    await publish(message('ä "quoted" message'));
    await arrived([1]);
    const { headers, body } = receiver.received[0]!;
    return { header: String(headers['sightline-signature']), body, nowMs: clock.wallMs() };
  }

  it('check signatures in TypeScript', async () => {
    const { header, body, nowMs } = await signed();
    const code = ts.transpile(example('ts'), {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
    });
    const module = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
    const script = `
      const { isGenuine } = await import(${JSON.stringify(module)});
      const body = Buffer.from(${JSON.stringify(body.toString('base64'))}, 'base64');
      const check = (header, secret, nowMs, bytes = body) => isGenuine(header, bytes, secret, nowMs);
      const [header, secret, nowMs] = ${JSON.stringify([header, SECRET, nowMs])};
      console.log(JSON.stringify([check(header, secret, nowMs), check(header, secret, nowMs + 400_000), check('', secret, nowMs),
        check(header, secret + 'x', nowMs), check(header, secret, nowMs, Buffer.concat([body, Buffer.from(' ')]))]));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual([true, false, false, false, false]);
  });

  it('check signatures in Python', async () => {
    const { header, body, nowMs } = await signed();
    const script = `${example('python')}
import json, sys
header, body, secret, now = json.load(sys.stdin)
body = body.encode()
print(json.dumps([is_genuine(header, body, secret, now), is_genuine(header, body, secret, now + 400), is_genuine("", body, secret, now),
  is_genuine(header, body, secret + "x", now), is_genuine(header, body + b" ", secret, now)]))`;
    const input = JSON.stringify([header, body.toString(), SECRET, nowMs / 1000]);
    const output = execFileSync('python3', ['-c', script], { encoding: 'utf8', input });
    expect(JSON.parse(output)).toEqual([true, false, false, false, false]);
  });
});
