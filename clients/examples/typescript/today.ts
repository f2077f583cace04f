// Lists today's events of a camera, page by page, newest first.
// SIGHTLINE_URL=https://sightline.lan SIGHTLINE_TOKEN=… node today.ts CAMERA
import { SightlineClient } from '@sightline/client';

const { SIGHTLINE_URL = 'http://127.0.0.1:8080', SIGHTLINE_TOKEN } = process.env;
const [camera] = process.argv.slice(2);
if (camera === undefined) throw new Error('name a camera');
const client = new SightlineClient({
  url: SIGHTLINE_URL,
  ...(SIGHTLINE_TOKEN !== undefined && { token: SIGHTLINE_TOKEN }),
});
const midnight = new Date();
midnight.setHours(0, 0, 0, 0);

for await (const { event } of client.events({ camera, from: midnight.toISOString(), limit: '100' }))
  console.log(`${event.startedAt} ${event.id} ${event.rule.name} ${event.label ?? ''}`.trimEnd());
