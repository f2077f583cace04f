import {
  findModel,
  isPermissive,
  modelPlaces,
  presenceOf,
  readCatalogue,
  type CatalogueEntry,
  type Located,
  type ModelFile,
} from '../catalogue/index.js';
import type { CliIo } from './cli-io.js';
import { table } from './table.js';

const HASH_FROM = {
  computed: 'computed from the file by us',
  publisher: 'published with the file',
  'third-parties': 'told alike by several programs that download the file',
} as const;

/** `sightline models info`: all that the catalogue says of a model, and where its files are. */
export async function modelInfo(name: string, { json }: { readonly json?: true }, io: CliIo): Promise<void> {
  const entry = findModel(await readCatalogue(), name);
  const { presence, files } = await presenceOf(entry, modelPlaces(io.env));
  if (json === true) {
    const located = entry.files.map((file, at) => ({ ...file, located: files[at] }));
    io.stdout.write(`${JSON.stringify({ ...entry, presence, files: located }, null, 2)}\n`);
    return;
  }
  const { cost, cocoAp } = entry;
  io.stdout.write(
    table([
      ['name', entry.name],
      ['task', entry.task],
      ['family', entry.family],
      ['classes', typeof entry.classes === 'string' ? entry.classes : entry.classes.join(', ')],
      ['licence', licenceText(entry)],
      ...(entry.note === undefined ? [] : [['note', entry.note]]),
      ['origin', entry.origin],
      ['COCO AP', cocoAp === null ? 'not stated' : `${cocoAp.value.toFixed(3)} (${cocoAp.source})`],
      ['input', cost.input],
      ['parameters', cost.paramsM === null ? 'not stated' : `${cost.paramsM} million`],
      ['GFLOPs', cost.gflops === null ? 'not stated' : `${cost.gflops}, as its authors count`],
      ['suits', entry.recommendedFor.join(', ') || 'no class of machines in particular'],
      ['here', presence],
      ...(entry.convertedFrom === undefined ? [] : [['made from', entry.convertedFrom]]),
      ...entry.files.flatMap((file, at) => fileRows(file, files[at])),
    ]),
  );
}

function licenceText({ name, licence }: CatalogueEntry): string {
  return isPermissive(licence)
    ? licence
    : `${licence}: binds whoever uses it; sightline models pull ${name} --accept-licence ${licence}`;
}

function fileRows(file: ModelFile, located: Located | undefined): string[][] {
  return [
    [file.role, file.file],
    ['', file.sizeBytes === null ? 'size not known' : `${file.sizeBytes} bytes`],
    ['', file.hashFrom === null ? 'SHA-256 not known: not fetched' : `SHA-256 ${file.sha256 ?? ''}`],
    ...(file.hashFrom === null ? [] : [['', HASH_FROM[file.hashFrom]]]),
    ...(file.urls.length === 0 ? [['', 'no address known: bring it by hand']] : []),
    ...file.urls.map((url) => ['', url]),
    ...(located === undefined || located.state === 'absent'
      ? []
      : [['', `${located.state}: ${located.path}`]]),
  ];
}
