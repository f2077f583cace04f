// Writes the clip of an event into a file.
// SIGHTLINE_URL=https://sightline.lan SIGHTLINE_TOKEN=… node clip.ts EVENT FILE
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { SightlineClient } from '@sightline/client';

const { SIGHTLINE_URL = 'http://127.0.0.1:8080', SIGHTLINE_TOKEN } = process.env;
const [event, file] = process.argv.slice(2);
if (event === undefined || file === undefined) throw new Error('name an event and a file');
const client = new SightlineClient({
  url: SIGHTLINE_URL,
  ...(SIGHTLINE_TOKEN !== undefined && { token: SIGHTLINE_TOKEN }),
});
const clip = await client.file(`/api/v1/events/${encodeURIComponent(event)}/clip.mp4`);
await pipeline(Readable.fromWeb(clip.body as ReadableStream), createWriteStream(file));
console.log(file);
