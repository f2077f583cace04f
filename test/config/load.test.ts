import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  configJsonSchema,
  demoConfig,
  diffCameras,
  loadConfig,
  sectionsNeedingRestart,
} from '../../src/config/index.js';
import { parseConfig } from '../../src/config/parse.js';
import type { JsonSchemaNode } from '../../src/config/schema.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sightline-config-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('loadConfig', () => {
  it('reads a file and takes relative paths from its folder', async () => {
    const file = path.join(dir, 'good.yaml');
    await writeFile(file, 'cameras: { clip: { source: clip.mp4 } }');
    const config = await loadConfig(file, {});
    expect(config.cameras[0]?.source).toBe(path.join(dir, 'clip.mp4'));
    expect(config.data.dir).toBe(path.join(dir, 'sightline-data'));
  });

  it('names the file that is missing', async () => {
    const file = path.join(dir, 'missing.yaml');
    await expect(loadConfig(file, {})).rejects.toMatchObject({ code: 'config/not-found' });
    await expect(loadConfig(file, {})).rejects.toThrow(file);
  });

  it('refuses a folder and a file of more than 1 MiB', async () => {
    await expect(loadConfig(dir, {})).rejects.toMatchObject({ code: 'config/unreadable' });
    const file = path.join(dir, 'large.yaml');
    await writeFile(file, `cameras: {}\n#${'x'.repeat(1024 * 1024)}`);
    await expect(loadConfig(file, {})).rejects.toMatchObject({ code: 'config/too-large' });
  });
});

describe('what is published with the package', () => {
  it('includes the JSON Schema of this version (node scripts/schema.mjs writes it)', () => {
    expect(JSON.parse(readFileSync('sightline.schema.json', 'utf8'))).toEqual(configJsonSchema());
  });

  it('includes an example configuration that loads', async () => {
    const env = { GATE_PASSWORD: 'not-a-real-one' };
    const config = await loadConfig('streams/sightline.example.yaml', env);
    expect(config.cameras.map((camera) => camera.id)).toContain('gate');
  });

  it('includes in that example every key of the file, of data, of a camera and of how it is analysed', () => {
    const example = readFileSync('streams/sightline.example.yaml', 'utf8');
    const { data, cameras } = configJsonSchema().properties!;
    const camera = cameras!.additionalProperties as JsonSchemaNode;
    const nodes = [configJsonSchema(), data!, camera, camera.properties!['analyse']!];
    const keys = nodes.flatMap(({ properties }) => Object.keys(properties!));
    expect(keys).toEqual(expect.arrayContaining(['mqtt', 'postgres', 'redact', 'detectEvery']));
    expect(keys.filter((key) => !new RegExp(`\\b${key}:`).test(example))).toEqual([]);
  });

  it('includes a demo camera whose clip lies in streams/', () => {
    const config = demoConfig({}, dir);
    expect(config.cameras.map(({ id, source }) => ({ id, source }))).toEqual([
      { id: 'demo', source: path.resolve('streams/demo.mp4') },
    ]);
    expect(config.data.dir).toBe(path.join(dir, 'sightline-data'));
  });
});

describe('SIGHTLINE_* settings in the environment', () => {
  it('come before the file, and hold for the demo too', () => {
    const env = {
      SIGHTLINE_HOST: '0.0.0.0',
      SIGHTLINE_PORT: '0',
      SIGHTLINE_PUBLIC_URL: 'https://cameras.example',
      SIGHTLINE_DATA_DIR: '/data',
    };
    const text = 'server: { host: 10.0.0.1, port: 81 }\ncameras: {}';
    for (const config of [parseConfig(text, { file: 'f', baseDir: '/', env }), demoConfig(env)]) {
      expect(config.server).toEqual({
        host: '0.0.0.0',
        port: 0,
        publicUrl: 'https://cameras.example',
        trustedProxies: [],
      });
      expect(config.data.dir).toBe('/data');
    }
  });

  it('count as absent when empty', () => {
    expect(demoConfig({ SIGHTLINE_PORT: '', SIGHTLINE_PUBLIC_URL: '' }).server).toEqual({
      host: '127.0.0.1',
      port: 8080,
      trustedProxies: [],
    });
  });

  it.each([
    [{ SIGHTLINE_PORT: '80x' }, /SIGHTLINE_PORT = "80x".*0 to 65535/],
    [{ SIGHTLINE_PORT: '70000' }, /SIGHTLINE_PORT/],
    [{ SIGHTLINE_PUBLIC_URL: 'cameras' }, /SIGHTLINE_PUBLIC_URL = "cameras".*http or https URL/],
  ])('are refused by name: %j', (env, message) => {
    expect(() => demoConfig(env)).toThrow(message);
    expect(() => demoConfig(env)).toThrow(expect.objectContaining({ code: 'config/invalid-value' }));
  });
});

describe('the difference between two configurations', () => {
  const parse = (text: string) => parseConfig(text, { file: 'f', baseDir: '/', env: {} });
  const before = parse('cameras: { a: { source: /a }, b: { source: /b }, c: { source: /c } }');

  it('is told per camera', () => {
    const after = parse(
      'cameras: { d: { source: /d }, b: { source: /b, analyse: { fps: 2 } }, a: { source: /a } }',
    );
    expect(diffCameras(before, after)).toEqual({ added: ['d'], removed: ['c'], changed: ['b'] });
    expect(diffCameras(before, before)).toEqual({ added: [], removed: [], changed: [] });
  });

  it('names the sections that wait for a restart', () => {
    const after = parse('server: { port: 81 }\nengine: { workers: 2 }\ncameras: {}');
    expect(sectionsNeedingRestart(before, after)).toEqual(['server', 'engine']);
  });
});
