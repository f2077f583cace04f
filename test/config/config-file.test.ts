import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, lstat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigFile, loadConfig, parseYaml } from '../../src/config/index.js';

const TEXT = `# The yard, from the north.
data: { eventsDays: 30 } # a month

cameras:
  # Above the gate.
  gate:
    source: rtsp://viewer:\${GATE_PASSWORD}@gate.lan/stream1?token=leaflet # do not touch
    analyse:
      fps: 5 # enough for cars
      detect: [person, car]

  yard:
    source: rtsp://yard.lan/1
    name: "Yard"
webhooks:
  alarms:
    url: https://alarms.example/in/secretpath
    secret: \${ALARM_SECRET}
mqtt: { url: mqtt://broker.lan, username: me, password: abc }
`;
const ENV = { GATE_PASSWORD: 'hunter2hunter2', ALARM_SECRET: 'sixteen-letters-at-least' };

let dir: string;
let file: string;
let applied: string[];
let config: ConfigFile;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sightline-config-'));
  file = path.join(dir, 'sightline.yaml');
  applied = [];
  await writeFile(file, TEXT);
  const apply = async () => void applied.push(await readFile(file, 'utf8'));
  config = new ConfigFile({ file, env: ENV, labels: ['person', 'car', 'dog'], apply });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const change = async (patch: unknown) => await config.change(patch, (await config.read()).etag);
const gate = (keys: unknown) => ({ cameras: { gate: keys } });

describe('reading the saved configuration', () => {
  it('tells keys as they stand in the file and no secret, neither of variables nor of addresses', async () => {
    const { config: saved } = await config.read();
    expect(saved).toMatchObject({
      data: { eventsDays: 30 },
      cameras: { gate: { source: 'rtsp://viewer:***@gate.lan/stream1?token=***' } },
      webhooks: { alarms: { url: '***', secret: '${ALARM_SECRET}' } },
      mqtt: { url: 'mqtt://broker.lan', username: 'me', password: '***' },
    });
    expect(JSON.stringify(saved)).not.toMatch(/hunter2|sixteen|leaflet|secretpath/);
  });

  it('of a broken file says what is wrong, as a conflict', async () => {
    await writeFile(file, 'cameras: [');
    await expect(config.read()).rejects.toMatchObject({ code: 'config/file-broken' });
  });
});

describe('changing it', () => {
  it('changes the lines that are meant; others, comments and placeholders stay, but for blanks within brackets', async () => {
    const { keys } = await change(gate({ analyse: { fps: 8 }, name: 'Gate' }));
    expect(keys).toEqual(['cameras.gate.analyse.fps', 'cameras.gate.name']);
    const expected = TEXT.replace('fps: 5 #', 'fps: 8 #').replace(
      '[person, car]\n',
      '[person, car]\n\n    name: Gate\n',
    );
    const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '');
    expect(lines(await readFile(file, 'utf8')).map((line) => line.replace(/\[ (.*) \]/, '[$1]'))).toEqual(
      lines(expected),
    );
    expect(applied).toHaveLength(1);
  });

  it('adds and removes a camera', async () => {
    await change({ cameras: { yard: null, door: { source: 'rtsp://door.lan/1', analyse: { fps: 2 } } } });
    expect((await config.read()).config).toMatchObject({
      cameras: { door: { source: 'rtsp://door.lan/1', analyse: { fps: 2 } } },
    });
    expect(await readFile(file, 'utf8')).not.toContain('yard.lan');
  });

  it('takes its own answer back without changing anything', async () => {
    const { config: saved } = await config.read();
    expect((await change(saved)).keys).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(TEXT);
    expect(applied).toEqual([]);
  });

  it('makes one of two changes that were made for the same state, and keeps it', async () => {
    const { etag } = await config.read();
    const [first, second] = await Promise.allSettled([
      config.change(gate({ name: 'one' }), etag),
      config.change(gate({ name: 'two' }), etag),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'config/changed-meanwhile' } });
    expect(await readFile(file, 'utf8')).toContain('name: one');
  });

  it('does not write over what was edited by hand meanwhile, even if broken', async () => {
    const { etag } = await config.read();
    await writeFile(file, `${TEXT}# edited`);
    await expect(config.change(gate({ name: 'x' }), etag)).rejects.toMatchObject({
      code: 'config/changed-meanwhile',
    });
    expect(await readFile(file, 'utf8')).toBe(`${TEXT}# edited`);
  });

  it.each([
    ['a wrong value', gate({ analyse: { fps: 900 } }), 'config/invalid-value', 'cameras.gate.analyse.fps'],
    ['an unknown key', gate({ nmae: 'x' }), 'config/unknown-key', 'name'],
    ['an unknown label', gate({ analyse: { detect: ['dgo'] } }), 'config/invalid-value', 'dog'],
    ['no cameras', { cameras: null }, 'config/invalid-value', 'cameras'],
  ])('refuses %s by the schema, naming it, and leaves the file', async (_, patch, code, named) => {
    await expect(change(patch)).rejects.toMatchObject({ code, message: expect.stringContaining(named) });
    expect(await readFile(file, 'utf8')).toBe(TEXT);
    expect(await readdir(dir)).toEqual(['sightline.yaml']);
  });

  it.each([
    ['the program that is run', { ffmpeg: { path: '/tmp/evil' } }],
    ['where data lie', { data: { dir: '/etc' } }],
    ['where recordings lie', { recording: { dir: '/etc' } }],
    ['where older recordings lie', { recording: { cold: { dir: '/etc' } } }],
    ['a model file', { models: { mine: { file: '/etc/passwd' } } }],
    ['where it listens', { server: { host: '0.0.0.0' } }],
    ['a file as a source', gate({ source: '/etc/passwd' })],
    ['a file URL as a source', gate({ source: 'file:///etc/passwd' })],
    ['a list of files as a source', gate({ source: 'concat:/etc/passwd|/etc/shadow' })],
    ['a metadata service as a source', gate({ source: 'http://169.254.169.254/latest' })],
    ['the same in another form', gate({ source: 'http://0xa9fea9fe/latest' })],
    ['a multicast group as a source', gate({ source: 'rtsp://239.1.1.1/1' })],
    ['a device as a source', { cameras: { spy: { source: '/dev/video0' } } }],
    ['a variable in an address', gate({ source: 'rtsp://evil.example/${ALARM_SECRET}' })],
    ['a variable in a name', gate({ name: '${ALARM_SECRET}' })],
    ['a password in an address', gate({ source: 'rtsp://a:b@gate.lan/1' })],
    ['a passphrase in an address', gate({ source: 'srt://gate.lan:9000?passphrase=abcdefghij' })],
    ['where messages go', { webhooks: { alarms: { url: 'https://evil.example/' } } }],
    ['a new receiver', { webhooks: { mine: { url: 'https://evil.example/', secret: 'x'.repeat(20) } } }],
    ['the end of a receiver', { webhooks: null }],
    ['a receiver by way of another type', { webhooks: 7 }],
    ['a broker', { mqtt: { url: 'mqtt://evil.example' } }],
    ['a file that is shown to a broker', { mqtt: { url: 'mqtts://a.example', tls: { ca: '/etc/passwd' } } }],
  ])('refuses %s: only the file may say that', async (_, patch) => {
    await expect(change(patch)).rejects.toMatchObject({ code: 'config/file-only' });
    expect(await readFile(file, 'utf8')).toBe(TEXT);
  });

  it('refuses a mask where it is not what stands there', async () => {
    await expect(change(gate({ source: 'rtsp://viewer:***@evil.example/' }))).rejects.toMatchObject({
      code: 'config/masked-value',
    });
  });

  it('refuses what an alias would change elsewhere too', async () => {
    await writeFile(file, 'cameras:\n  a: &a { source: "rtsp://a.lan/1", name: x }\n  b: *a\n');
    await expect(change({ cameras: { b: { name: 'y' } } })).rejects.toMatchObject({
      code: 'config/not-editable',
    });
    await expect(change({ cameras: { a: { name: 'y' } } })).rejects.toMatchObject({
      code: 'config/not-editable',
    });
  });

  it('keeps the permissions of the file, and a link to it', async () => {
    await chmod(file, 0o640);
    const link = path.join(dir, 'link.yaml');
    await symlink(file, link);
    config = new ConfigFile({
      file: link,
      env: ENV,
      labels: ['person', 'car'],
      apply: () => Promise.resolve(),
    });
    await change({ data: { eventsDays: 31 } });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readFile(file, 'utf8')).toContain('eventsDays: 31');
  });
});

describe('a file that is not there yet', () => {
  const UNSAVED = '# Made by the first change.\ncameras:\n  demo: { source: /demo.mp4 }\n';
  beforeEach(async () => {
    await rm(file);
    const apply = async () => void applied.push(await readFile(file, 'utf8'));
    config = new ConfigFile({ file, env: ENV, labels: [], apply, unsaved: UNSAVED });
  });

  it('is shown as what is in force, and not made by looking', async () => {
    expect((await config.read()).config).toEqual({ cameras: { demo: { source: '/demo.mp4' } } });
    expect(await readdir(dir)).toEqual([]);
  });

  it('is made by the first change, for its owner alone, with what was in force', async () => {
    await change({ cameras: { yard: { source: 'rtsp://yard.lan/1' } } });
    const text = await readFile(file, 'utf8');
    expect(text).toContain('# Made by the first change.');
    expect(parseYaml(text)).toEqual({
      cameras: { demo: { source: '/demo.mp4' }, yard: { source: 'rtsp://yard.lan/1' } },
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(applied).toEqual([text]);
  });

  it('is missed once it was there: what never was saved does not come back', async () => {
    await change({ cameras: { yard: { source: 'rtsp://yard.lan/1' } } });
    await rm(file);
    await expect(config.read()).rejects.toMatchObject({ code: 'config/not-found' });
  });

  it('is not written over where somebody made it meanwhile', async () => {
    const { etag } = await config.read();
    await writeFile(file, TEXT);
    await expect(config.change({ cameras: { yard: { name: 'Yard' } } }, etag)).rejects.toMatchObject({
      code: 'config/changed-meanwhile',
    });
    expect(await readFile(file, 'utf8')).toBe(TEXT);
  });
});

describe('the webcam of a browser', () => {
  it('may be the source of a camera by its id alone', async () => {
    await change(gate({ source: 'webcam:0b1f-6d4a' }));
    const { cameras } = await loadConfig(file, ENV);
    expect(cameras.find(({ id }) => id === 'gate')!.source).toBe('webcam:0b1f-6d4a');
    for (const source of ['webcam:../secret', 'webcam:', 'WEBCAM:a', 'webcam:a\n'])
      await expect(change(gate({ source }))).rejects.toMatchObject({ code: 'config/file-only' });
  });
});

describe('a clip that the server was sent', () => {
  it('may be the source of a camera by its id alone, and lies in the data folder', async () => {
    await change(gate({ source: 'upload:0b1f-6d4a' }));
    const { cameras, data } = await loadConfig(file, ENV);
    expect(cameras.find(({ id }) => id === 'gate')!.source).toBe(path.join(data.dir, 'uploads', '0b1f-6d4a'));
    for (const source of ['upload:../secret', 'upload:a/b', 'upload:', 'UPLOAD:a', 'upload:a\n'])
      await expect(change(gate({ source }))).rejects.toMatchObject({ code: 'config/file-only' });
  });
});
