import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { importsOf, modulesLoadedBy, sourceFiles } from './source-files.js';

/** Rooms from the ground up: a room imports from rooms on lower lines only, and none imports its neighbours. */
const LINES = [
  ['base'],
  ['geometry', 'config', 'metrics'],
  ['media', 'frames'],
  ['models', 'tracking', 'reading'],
  ['events', 'evaluation'],
  ['ingest', 'inference', 'store'],
  ['stages', 'live', 'catalogue', 'access', 'classifiers', 'scene'],
  ['engine'],
  ['recording', 'server', 'webhooks', 'mqtt', 'cluster'],
  ['app'],
  ['cli'],
];
const LINE_OF = new Map(LINES.flatMap((rooms, line) => rooms.map((room) => [room, line] as const)));

/** Packages that one room, or two that have nothing else to do with each other, alone may know. */
const PACKAGE_HOMES = new Map<string, string | readonly string[]>([
  ['onnxruntime-node', 'inference'],
  ['libsql', 'store'],
  ['pg', 'store'],
  ['express', 'server'],
  ['ws', 'server'],
  ['mqtt', 'mqtt'],
  ['helmet', 'server'],
  ['openid-client', 'access'],
  ['fluent-ffmpeg', 'media'],
  ['@ffmpeg-installer/ffmpeg', 'media'],
  ['prom-client', 'metrics'],
  ['yaml', 'config'],
  ['chokidar', 'config'],
  ['commander', 'cli'],
  ['clipper2-ts', ['reading', 'scene']],
  ['d3-contour', ['reading', 'scene']],
]);

const files = sourceFiles('src');
const edges = files.flatMap((source) => importsOf(source).map((name) => ({ file: source.file, name })));
const relativeEdges = edges
  .filter(({ name }) => name.startsWith('.'))
  .map(({ file, name }) => ({ file, target: path.posix.join(path.posix.dirname(file), name) }));
const roomOf = (file: string) => /^src\/([^/.]+)/.exec(file)?.[1] ?? '';
const outward = relativeEdges.filter(({ file, target }) => roomOf(file) !== roomOf(target));

describe('the rooms of src/', () => {
  it('are found, with their imports', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(outward.length).toBeGreaterThan(50);
  });

  it('all stand in the table of lines', () => {
    const rooms = readdirSync('src').map((name) => name.replace(/\.ts$/, ''));
    expect(rooms.filter((room) => !LINE_OF.has(room))).toEqual([]);
  });

  it('import only from lower lines', () => {
    const wrong = outward.filter(
      ({ file, target }) => (LINE_OF.get(roomOf(target)) ?? 99) >= (LINE_OF.get(roomOf(file)) ?? -1),
    );
    expect(wrong).toEqual([]);
  });

  it("see one another's index.ts alone", () => {
    const wrong = outward.filter(({ target }) => !/^src\/[^/]+\/index\.js$/.test(target));
    expect(wrong).toEqual([]);
  });

  it('name files that exist', () => {
    const wrong = relativeEdges.filter(({ target }) => !existsSync(target.replace(/\.js$/, '.ts')));
    expect(wrong).toEqual([]);
  });

  it.each([...PACKAGE_HOMES])('leave %s to %s', (name, home) => {
    const users = edges.filter((edge) => edge.name === name || edge.name.startsWith(`${name}/`));
    expect(users.filter(({ file }) => ![home].flat().includes(roomOf(file)))).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });
});

describe('the control process', () => {
  it('loads no ONNX Runtime: sessions live in workers', () => {
    const byFile = new Map(files.map((source) => [source.file, source]));
    const loaded = new Set(['src/cli/serve.ts', 'src/app/index.ts']);
    const packages = new Set<string>();
    for (const file of loaded) {
      const source = byFile.get(file);
      if (source === undefined) continue;
      for (const name of modulesLoadedBy(source)) {
        if (name.startsWith('.'))
          loaded.add(path.posix.join(path.posix.dirname(file), name).replace(/\.js$/, '.ts'));
        else packages.add(name);
      }
    }
    expect(loaded.size).toBeGreaterThan(30);
    expect([...packages]).toContain('express');
    expect([...packages]).not.toContain('onnxruntime-node');
  });
});

describe('the dashboard', () => {
  it("takes nothing from src/ but types of the server's protocol, and geometry, which is pure", () => {
    const fromServer = sourceFiles('dashboard').flatMap((source) =>
      importsOf(source)
        .filter((name) => name.includes('/src/') && source.file.split('/').length > 1)
        .map((name) => ({
          file: source.file,
          target: path.posix.join(path.posix.dirname(source.file), name),
        }))
        .filter(({ target }) => target.startsWith('src/')),
    );
    const allowed = ['src/server/protocol.js', 'src/geometry/index.js'];
    expect(fromServer.filter(({ target }) => !allowed.includes(target))).toEqual([]);
    const geometry = files.filter(({ file }) => roomOf(file) === 'geometry').flatMap(importsOf);
    expect(geometry.filter((name) => !name.startsWith('./'))).toEqual([]);
    const valueImports = sourceFiles('dashboard').filter(({ text }) =>
      /^import (?!type)[^;]*src\/server\/protocol\.js/m.test(text),
    );
    expect(valueImports.map(({ file }) => file)).toEqual([]);
  });
});
