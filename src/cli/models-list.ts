import {
  machineClass,
  machineFacts,
  modelPlaces,
  presenceOf,
  rankModels,
  readCatalogue,
  type CatalogueEntry,
  type MachineClass,
  type Presence,
} from '../catalogue/index.js';
import type { CliIo } from './cli-io.js';
import { table } from './table.js';

/** The flags of `sightline models list`. */
export interface ModelsListOptions {
  readonly task?: string;
  readonly json?: true;
}

const HEADER = ['', 'name', 'licence', 'COCO AP', 'input', 'GFLOPs', 'MB', 'here'];

/** `sightline models list`: the catalogue by task, the best choice for this machine first, and what is here already. */
export async function listModels({ task, json }: ModelsListOptions, io: CliIo): Promise<void> {
  const places = modelPlaces(io.env);
  const machine = machineClass(await machineFacts());
  const groups = rankModels(await readCatalogue(), machine.class).filter(
    (group) => task === undefined || group.task === task,
  );
  const presences = new Map<string, Presence>();
  for (const entry of groups.flatMap(({ models }) => models))
    presences.set(entry.name, (await presenceOf(entry, places)).presence);

  if (json === true) {
    const models = groups.flatMap((group) =>
      group.models.map((entry) => ({
        ...entry,
        isRecommended: entry.recommendedFor.includes(machine.class),
        presence: presences.get(entry.name),
      })),
    );
    io.stdout.write(`${JSON.stringify({ machine, models }, null, 2)}\n`);
    return;
  }
  io.stdout.write(`This machine is a ${machine.class}: ${machine.why}. * suits it.\n`);
  for (const group of groups) {
    const rows = group.models.map((entry) => rowOf(entry, machine.class, presences.get(entry.name) ?? 'no'));
    io.stdout.write(`\n${group.task}\n${table([HEADER, ...rows])}`);
  }
}

function rowOf(entry: CatalogueEntry, machine: MachineClass, presence: Presence): string[] {
  return [
    entry.recommendedFor.includes(machine) ? '*' : '',
    entry.name,
    entry.licence,
    entry.cocoAp?.value.toFixed(3) ?? '-',
    entry.cost.input,
    entry.cost.gflops?.toString() ?? '-',
    megabytes(entry),
    presence,
  ];
}

function megabytes({ files }: CatalogueEntry): string {
  const sizes = files.map(({ sizeBytes }) => sizeBytes);
  if (sizes.length === 0 || sizes.includes(null)) return '-';
  return (sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0) / 1e6).toFixed(1);
}
