import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../support/wait-for.js';
import { ServerUnderTest } from './server-under-test.js';

const ROUNDS = 20;
const AT_ONCE = 50;
const describeOnLinux = process.platform === 'linux' ? describe : describe.skip;

describeOnLinux(`${ROUNDS * AT_ONCE} clients that come and go`, () => {
  let under: ServerUnderTest;
  beforeAll(async () => {
    under = await ServerUnderTest.open();
  });
  afterAll(() => under.tearDown());

  // Server and clients are one process: what either of them keeps is counted.
  const open = () => ({
    files: readdirSync('/proc/self/fd').length,
    sockets: process.getActiveResourcesInfo().filter((kind) => /TCP/.test(kind)).length,
  });
  async function round(): Promise<void> {
    const clients = Array.from({ length: AT_ONCE }, () =>
      under.webSocket('/api/v1/stream', ['sightline.v1']),
    );
    await Promise.all(
      clients.map(async (client, at) => {
        await once(client, 'open');
        client.send(JSON.stringify({ type: 'subscribe', cameras: '*', topics: ['camera', 'event'], since: 0 })); // prettier-ignore
        const closed = once(client, 'close');
        // Half of them say that they go.
        if (at % 2 === 0) client.close();
        else client.terminate();
        await closed;
      }),
    );
  }

  it('F39: leave no file and no socket open', async () => {
    await round();
    await waitFor(async () => (await clientsOf(under)) === 0, { timeoutMs: 30_000, what: 'the first to be gone' }); // prettier-ignore
    const before = open();
    for (let at = 0; at < ROUNDS; at++) await round();
    let now = open();
    await waitFor(
      async () => {
        now = open();
        return (await clientsOf(under)) === 0 && now.files <= before.files + 2 && now.sockets <= before.sockets + 2; // prettier-ignore
      },
      { timeoutMs: 30_000, what: () => `all to be gone: ${JSON.stringify({ before, now })}` },
    );
    expect(now.files).toBeLessThanOrEqual(before.files + 2);
  }, 120_000);
});

async function clientsOf(under: ServerUnderTest): Promise<number> {
  const text = await (await under.fetch('/metrics')).text();
  return Number(/^sightline_ws_clients(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1]);
}
