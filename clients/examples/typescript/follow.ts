// Follows events, and goes on where it was after a restart.
// SIGHTLINE_URL=https://sightline.lan SIGHTLINE_TOKEN=… node follow.ts [POSITION_FILE]
import { readFile, rename, writeFile } from 'node:fs/promises';
import { SightlineClient } from '@sightline/client';

const { SIGHTLINE_URL = 'http://127.0.0.1:8080', SIGHTLINE_TOKEN } = process.env;
const [positionFile = 'position'] = process.argv.slice(2);
const client = new SightlineClient({
  url: SIGHTLINE_URL,
  ...(SIGHTLINE_TOKEN !== undefined && { token: SIGHTLINE_TOKEN }),
});
const over = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => over.abort());

const position = await readFile(positionFile, 'utf8').catch(() => undefined);
const stream = client.follow({
  topics: ['event'],
  signal: over.signal,
  onReconnect: ({ delayMs }) => console.error(`connecting again in ${Math.round(delayMs)} ms`),
  // Without a position: from the oldest that is kept.
  since: Number(position ?? 0),
});
for await (const message of stream) {
  if (message.type === 'gap') console.log(`gone: ${message.from} to ${message.to}`);
  else if (message.type === 'error') console.log(`${message.code}: ${message.message}`);
  else if ('event' in message)
    console.log(`${message.seq} ${message.type} ${message.camera} ${message.event.rule.name}`);
  // After the work, not before it: what was in hand when the process died comes once more.
  await writeFile(`${positionFile}.new`, String(stream.lastSeq));
  await rename(`${positionFile}.new`, positionFile);
}
