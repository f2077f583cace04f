import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import { discoverCameras } from '../../src/ingest/index.js';

const TIMEOUT_MS = 1200;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

async function socketAt(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

const match = (id: string, name: string) =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header><a:RelatesTo>${id}</a:RelatesTo></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><d:Scopes>onvif://www.onvif.org/name/${name}</d:Scopes><d:XAddrs>http://192.0.2.66/</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>`;

const search = (port: number, options: { from?: string[]; signal?: AbortSignal } = {}) =>
  discoverCameras({
    timeoutMs: TIMEOUT_MS,
    signal: new AbortController().signal,
    clock: systemClock,
    log: silentLog,
    to: { address: '127.0.0.1', port },
    from: ['127.0.0.1'],
    ...options,
  });

it('finds each device that answers its probe once, at the address that it answers from, among noise', async () => {
  const camera = await socketAt('127.0.0.1');
  // On Linux all of 127/8 is this machine: other devices.
  const [second, third, noisy] = [
    await socketAt('127.0.0.20'),
    await socketAt('127.0.0.3'),
    await socketAt('127.0.0.4'),
  ];
  const probes: string[] = [];
  camera.on('message', (probe, { port, address }) => {
    probes.push(probe.toString());
    const id = /MessageID>([^<]+)</.exec(probe.toString())![1]!;
    camera.send(match(id, 'gate'), port, address);
    second.send(match(id, 'yard'), port, address);
    third.send(match(id, 'hall'), port, address);
    const nested = `${'<a:RelatesTo>'.repeat(2000)}${'</a:RelatesTo>'.repeat(2000)}`;
    const huge = match(id, 'liar').replace('<s:Body>', `${nested}<s:Body>`);
    for (const noise of ['<', match('urn:uuid:another', 'liar'), Buffer.alloc(60_000, 'x'), huge])
      noisy.send(noise, port, address);
  });
  expect(await search(camera.address().port)).toEqual([
    { address: '127.0.0.1', name: 'gate' },
    { address: '127.0.0.3', name: 'hall' },
    { address: '127.0.0.20', name: 'yard' },
  ]);
  // The probe is repeated as it is.
  expect(probes.length).toBe(2);
  expect(probes[0]).toBe(probes[1]);
  expect(probes[0]).toContain('NetworkVideoTransmitter');
});

it('finds nothing where nothing answers, and where it cannot ask', async () => {
  const silent = await socketAt('127.0.0.1');
  expect(await search(silent.address().port)).toEqual([]);
  expect(await search(silent.address().port, { from: ['192.0.2.1'] })).toEqual([]);
});

it('ends at once with what it has when nobody waits for it any more', async () => {
  const camera = await socketAt('127.0.0.1');
  const gone = new AbortController();
  camera.on('message', () => gone.abort());
  expect(await search(camera.address().port, { signal: gone.signal })).toEqual([]);
});
