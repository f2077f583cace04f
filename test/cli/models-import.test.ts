import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { attr, mixed, tinyGraph } from '../models/import/tiny-graph.js';
import { runCli, runCliProcess } from './run-cli.js';

/** Models of the npm package that also brings the default detector. */
const modelDir = path.resolve('node_modules/@vladmandic/human/models');
/** A picture of a street with people, among other things. */
const picture = 'docs/screens/live.png';

/** The parts of a model.json that are spoilt here. */
interface TinyJson {
  format?: string;
  modelTopology: {
    node: { name: string; op: string; input?: string[]; attr?: Record<string, unknown> }[];
  };
  signature: { outputs: Record<string, { name: string }> };
  weightsManifest: { paths: string[]; weights: { name: string; dtype: string; shape: number[] }[] }[];
}

interface Report {
  readonly inputs: { name: string; type: string; dims: (number | string)[] }[];
  readonly outputs: { name: string; dims?: number[] }[];
  readonly operators: { operator: string; count: number }[];
  readonly unsupported: { operator: string; count: number }[];
  readonly check?: {
    outputs: { input: string; output: string; maxAbsError: number; allowed: number; isWithin: boolean }[];
  };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sightline-import-'));
});
afterEach(() => rm(folder, { recursive: true }));

const out = () => path.join(folder, 'made.onnx');
const importJson = async (source: string, ...flags: string[]) => {
  const result = await runCliProcess(['models', 'import', source, '--out', out(), '--json', ...flags]);
  return { ...result, report: JSON.parse(result.stdout === '' ? '{}' : result.stdout) as Report };
};

/** Writes a model of a few nodes, changed by `change`, and returns the path of its model.json. */
async function writeTiny(
  change: (json: TinyJson) => void = () => undefined,
  shard?: Buffer,
): Promise<string> {
  const { json, model } = tinyGraph({
    inputs: { x: { shape: [1, 4, 4, 3] } },
    constants: { w: mixed(1, 1, 3, 2) },
    nodes: [
      [
        'conv',
        'Conv2D',
        ['x', 'w'],
        { strides: attr.ints(1, 1, 1, 1), dilations: attr.ints(1, 1, 1, 1), padding: attr.text('SAME') },
      ],
      ['out', 'Relu', ['conv']],
    ],
    outputs: ['out'],
  });
  const changed = JSON.parse(json) as TinyJson;
  change(changed);
  const file = path.join(folder, 'model.json');
  await writeFile(file, JSON.stringify(changed));
  await writeFile(path.join(folder, 'shard.bin'), shard ?? model.shards);
  return file;
}

/** Ways in which a model can be wrong, and what is said of them. */
const MISTAKES: readonly [string, { line: RegExp; change: (json: TinyJson) => void; shard?: Buffer }][] = [
  [
    'a layers model',
    {
      line: /layers model.*tensorflowjs_converter/,
      change: (json) => {
        json.format = 'layers-model';
      },
    },
  ],
  [
    'a shard that is too short',
    { line: /end at byte 20, within "w"/, change: () => undefined, shard: Buffer.alloc(20) },
  ],
  [
    'a shard that is too long',
    { line: /have 28 bytes where model.json describes 24/, change: () => undefined, shard: Buffer.alloc(28) },
  ],
  [
    'an unknown type',
    {
      line: /weight "w" is string stored as string/,
      change: (json) => {
        json.weightsManifest[0]!.weights[0]!.dtype = 'string';
      },
    },
  ],
  [
    'a negative length',
    {
      line: /weightsManifest\.0\.weights\.0\.shape\.0/,
      change: (json) => {
        json.weightsManifest[0]!.weights[0]!.shape = [-1];
      },
    },
  ],
  [
    'more weights than fit',
    {
      line: /512 MiB/,
      change: (json) => {
        json.weightsManifest[0]!.weights[0]!.shape = [1e9, 1e9];
      },
    },
  ],
  [
    'a cyclic graph',
    {
      line: /cyclic: node "(conv|out)"/,
      change: (json) => {
        json.modelTopology.node[2]!.input![0] = 'out';
      },
    },
  ],
  [
    'a node that is missing',
    {
      line: /no node "nowhere"/,
      change: (json) => {
        json.modelTopology.node[3]!.input![0] = 'nowhere';
      },
    },
  ],
  [
    'a second output of a node that has one',
    {
      line: /no value "conv:1"/,
      change: (json) => {
        json.modelTopology.node[3]!.input![0] = 'conv:1';
      },
    },
  ],
  [
    'an operator without inputs',
    {
      line: /depend on no input of the model/,
      change: (json) => {
        delete json.modelTopology.node[3]!.input;
      },
    },
  ],
  [
    'weights that the manifest lacks',
    {
      line: /no node or weights "w"|not a constant/,
      change: (json) => {
        json.weightsManifest[0]!.weights[0]!.name = 'v';
      },
    },
  ],
  [
    'two nodes of one name',
    {
      line: /two nodes are named "conv"/,
      change: (json) => {
        json.modelTopology.node[3]!.name = 'conv';
      },
    },
  ],
  [
    'operators named as parts of every object',
    {
      line: /1 operators \(1 nodes\)/,
      change: (json) => {
        json.modelTopology.node[3]!.op = 'constructor';
      },
    },
  ],
  [
    'attributes of another form',
    {
      line: /modelTopology\.node\.2\.attr\.strides/,
      change: (json) => {
        json.modelTopology.node[2]!.attr!['strides'] = 1;
      },
    },
  ],
  [
    'no list of nodes',
    {
      line: /modelTopology/,
      change: (json) => {
        delete (json as Partial<TinyJson>).modelTopology;
      },
    },
  ],
];

describe('sightline models import', () => {
  it.each([
    ['movenet-lightning', 2],
    ['facemesh', 9],
  ])('converts %s, and TF.js agrees', async (name, comparisons) => {
    const source = path.join(modelDir, `${name}.json`);
    const { status, report, stderr } = await importJson(source, '--check', '--picture', picture);
    expect([status, stderr]).toEqual([0, '']);
    expect(report.unsupported).toEqual([]);
    expect(report.check!.outputs).toHaveLength(comparisons);
    for (const { maxAbsError } of report.check!.outputs) expect(maxAbsError).toBeLessThan(1e-3);
    expect((await readFile(out())).byteLength).toBeGreaterThan(1e6);
  });

  it("converts the default detector's network, and TF.js agrees", async () => {
    const source = path.join(modelDir, 'centernet.json');
    const { status, report } = await importJson(source, '--check', '--tolerance', '0.00002');
    expect(status).toBe(0);
    expect(report.outputs.map(({ name }) => name)).toEqual([
      'tower_0/wh',
      'tower_0/keypoints',
      'tower_0/detections',
    ]);
    const scores = report.check!.outputs.find(({ output }) => output === 'tower_0/keypoints')!;
    expect(scores.maxAbsError).toBeLessThan(1e-3);
  }, 90_000);

  it('lists every operator that it cannot convert, with counts, and writes nothing', async () => {
    const { status, report, stderr } = await importJson(path.join(modelDir, 'handtrack.json'));
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    const counts = Object.fromEntries(report.unsupported.map(({ operator, count }) => [operator, count]));
    expect(counts).toMatchObject({ NonMaxSuppressionV5: 7, Merge: 6, Where: 1 });
    expect(await readdir(folder)).toEqual([]);
  });

  it('reads the folder of a model.json with several shards, and takes outputs by name', async () => {
    await writeTiny((json) => {
      json.weightsManifest[0]!.paths = ['a.bin', 'b/b.bin'];
    });
    const whole = await readFile(path.join(folder, 'shard.bin'));
    await mkdir(path.join(folder, 'b'));
    await writeFile(path.join(folder, 'a.bin'), whole.subarray(0, 6));
    await writeFile(path.join(folder, 'b', 'b.bin'), whole.subarray(6));
    const { status, stdout, stderr } = await runCli([
      'models',
      'import',
      folder,
      '--out',
      out(),
      '--outputs',
      'conv',
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Outputs\n +conv +float +\[1, 4, 4, 2\]/);
    expect(stdout).not.toMatch(/Relu/);
  });

  it('fails, and writes nothing, when TF.js gives something else', async () => {
    const { status, stderr } = await importJson(
      path.join(modelDir, 'liveness.json'),
      '--check',
      '--tolerance',
      '0',
    );
    expect([status, stderr]).toEqual([1, expect.stringContaining('differs from TF.js in Identity')]);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    '../secret.bin',
    '/etc/hostname',
    'a//b.bin',
    './shard.bin',
    '..\\secret.bin',
    'C:secret.bin',
    'a\0b',
    '',
  ])('reads no weights from %j', async (shard) => {
    const file = await writeTiny((json) => {
      json.weightsManifest[0]!.paths = [shard];
    });
    const { status, stderr } = await runCli(['models', 'import', file, '--out', out()]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/names a weight shard .* no plain path/)]);
  });

  it('reads no weights through links, of files or folders', async () => {
    const file = await writeTiny((json) => {
      json.weightsManifest[0]!.paths = ['below/shard.bin'];
    });
    await mkdir(path.join(folder, 'real'));
    await copyFile(path.join(folder, 'shard.bin'), path.join(folder, 'real', 'shard.bin'));
    await symlink(path.join(folder, 'real'), path.join(folder, 'below'));
    const refused = [1, expect.stringContaining('symbolic link')];
    const first = await runCli(['models', 'import', file, '--out', out()]);
    expect([first.status, first.stderr]).toEqual(refused);

    await rm(path.join(folder, 'below'));
    await mkdir(path.join(folder, 'below'));
    await symlink('/dev/zero', path.join(folder, 'below', 'shard.bin'));
    const second = await runCli(['models', 'import', file, '--out', out()]);
    expect([second.status, second.stderr]).toEqual(refused);
  });

  it.each(MISTAKES)('says in one line what is wrong with %s', async (_, { line, change, shard }) => {
    const file = await writeTiny(change, shard);
    const { status, stderr } = await runCli(['models', 'import', file, '--out', out()]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(line)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says in one line what is wrong with a model.json cut short anywhere', async () => {
    const file = await writeTiny();
    const whole = await readFile(file);
    for (let length = 0; length < whole.length; length += 41) {
      await writeFile(file, whole.subarray(0, length));
      const { status, stderr } = await runCli(['models', 'import', file, '--out', out()]);
      expect([status, stderr.trim().split('\n').length]).toEqual([1, 1]);
      expect(stderr).toMatch(/model\.json/);
    }
  });

  it('says what a SavedModel and an empty folder are', async () => {
    const empty = await runCli(['models', 'import', folder, '--out', out()]);
    expect([empty.status, empty.stderr]).toEqual([1, expect.stringContaining('no model.json')]);
    await writeFile(path.join(folder, 'saved_model.pb'), '');
    const saved = await runCli(['models', 'import', folder, '--out', out()]);
    expect(saved.stderr).toMatch(/SavedModel.*tf2onnx/);
  });

  it('converts a graph that is deeper than any call stack', async () => {
    const file = await writeTiny((json) => {
      for (let i = 0; i < 20_000; i++)
        json.modelTopology.node.push({ name: `n${i}`, op: 'Neg', input: [i === 0 ? 'out' : `n${i - 1}`] });
      json.signature.outputs = { deep: { name: 'n19999' } };
    });
    const { status, stderr } = await runCli(['models', 'import', file, '--out', out()]);
    expect([status, stderr]).toEqual([0, '']);
  });
});
