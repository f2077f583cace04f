import { createHash } from 'node:crypto';
import type { CatalogueEntry, ModelFile } from '../../src/catalogue/index.js';

/** A catalogue entry for some content, as if it were a model. */
export function entryFor(
  content: Buffer,
  over: Partial<ModelFile> = {},
  entry: Partial<CatalogueEntry> = {},
): CatalogueEntry {
  return {
    name: 'lynx-s',
    task: 'detect',
    family: 'lynx',
    classes: 'coco-80',
    licence: 'Apache-2.0',
    origin: 'https://example.org/lynx',
    cocoAp: null,
    cost: { paramsM: null, gflops: null, input: '320×320' },
    recommendedFor: [],
    files: [
      {
        role: 'model',
        file: 'lynx_s.onnx',
        sizeBytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
        hashFrom: 'computed',
        urls: ['https://example.org/lynx/releases/lynx.onnx'],
        ...over,
      },
    ],
    ...entry,
  };
}
