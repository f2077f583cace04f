// The server that kill-rounds.mjs kills: a whole one, which tells so many further messages a second as it is asked to.
//
//   node test/kill/server.mjs CONFIG MESSAGES_A_SECOND
import { randomUUID } from 'node:crypto';
import { setInterval } from 'node:timers';
import { App } from '../../dist/app/index.js';
import { createLog, systemClock } from '../../dist/base/index.js';
import { loadConfig } from '../../dist/config/index.js';

const [configPath, messagesASecond] = process.argv.slice(2);
const env = process.env;
const app = await App.open({
  config: await loadConfig(configPath, env, []),
  env,
  log: createLog('error'),
  clock: systemClock,
  version: 'kill-test',
});
process.stdout.write(`listening on ${app.url}\n`);

const TICK_MS = 10;
let owed = 0;
let atMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  owed += ((nowMs - atMs) * Number(messagesASecond)) / 1000;
  atMs = nowMs;
  for (; owed >= 1; owed--)
    app.publish({
      v: 1,
      type: 'camera.status',
      camera: 'cam0',
      time: new Date().toISOString(),
      // Each is told once: a second one would be a repetition.
      status: { state: 'live', reason: randomUUID(), transcoded: false },
    });
}, TICK_MS);
