import { describe, expect, it } from '@jest/globals';
import { machineClass, machineFacts, rankModels, type CatalogueEntry } from '../../src/catalogue/index.js';
import { entryFor } from './entries.js';

const model = (name: string, over: Partial<CatalogueEntry>) =>
  entryFor(Buffer.from(name), {}, { name, ...over });
const ap = (value: number) => ({ value, source: 'its README' });

describe('rankModels', () => {
  it('puts permissive licences first, then what suits the machine, then the more accurate', () => {
    const catalogue = new Map(
      [
        model('bound', { licence: 'AGPL-3.0', cocoAp: ap(0.9), recommendedFor: ['gpu'] }),
        model('unknown-licence', { licence: 'NOASSERTION', cocoAp: ap(0.8) }),
        model('unstated', {}),
        model('good', { cocoAp: ap(0.5) }),
        model('better', { cocoAp: ap(0.6) }),
        model('suited', { cocoAp: ap(0.2), recommendedFor: ['gpu'] }),
        model('tracker', { task: 'follow' }),
      ].map((entry) => [entry.name, entry]),
    );
    const names = rankModels(catalogue, 'gpu').map(({ task, models }) => [
      task,
      models.map(({ name }) => name),
    ]);
    expect(names).toEqual([
      ['detect', ['suited', 'better', 'good', 'unstated', 'bound', 'unknown-licence']],
      ['follow', ['tracker']],
    ]);
  });
});

describe('machineClass', () => {
  it.each([
    ['gpu', { cores: 8, cpuFlags: ['avx512_vnni'], hasGpu: true }, '8 cores and a GPU'],
    ['vnni-cpu', { cores: 2, cpuFlags: ['avx2', 'avx512_vnni'], hasGpu: false }, '2 cores with avx512_vnni'],
    ['vnni-cpu', { cores: 4, cpuFlags: ['asimd', 'asimddp'], hasGpu: false }, '4 cores with asimddp'],
    ['small-cpu', { cores: 1, cpuFlags: ['avx2'], hasGpu: false }, '1 core without VNNI or dot product'],
    [
      'small-cpu',
      { cores: 4, cpuFlags: undefined, hasGpu: false },
      '4 cores; what they can do is not told here',
    ],
  ] as const)('calls it %s: %j', (expected, facts, why) => {
    expect(machineClass(facts)).toEqual({ class: expected, why });
  });

  it('finds the flags of this processor on Linux', async () => {
    const { cores, cpuFlags } = await machineFacts();
    expect(cores).toBeGreaterThan(0);
    if (process.platform === 'linux') expect(cpuFlags).toContain(process.arch === 'x64' ? 'sse2' : 'asimd');
  });
});
