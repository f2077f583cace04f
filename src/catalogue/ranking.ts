import { MODEL_TASKS, type CatalogueEntry, type MachineClass, type ModelTask } from './catalogue-schema.js';
import type { Catalogue } from './catalogue.js';
import { isPermissive } from './licences.js';

/** The models of one task, the best choice first. */
export interface TaskModels {
  readonly task: ModelTask;
  readonly models: readonly CatalogueEntry[];
}

/**
 * Groups models by task and puts those first that a machine of this class should take: permissive licences before
 * others, then what is recommended for the class, then the higher AP (none stated comes last), then the name.
 */
export function rankModels(catalogue: Catalogue, machine: MachineClass): TaskModels[] {
  return MODEL_TASKS.map((task) => ({
    task,
    models: [...catalogue.values()]
      .filter((entry) => entry.task === task)
      .sort(
        (a, b) =>
          Number(isPermissive(b.licence)) - Number(isPermissive(a.licence)) ||
          Number(b.recommendedFor.includes(machine)) - Number(a.recommendedFor.includes(machine)) ||
          (b.cocoAp?.value ?? -1) - (a.cocoAp?.value ?? -1) ||
          (a.name < b.name ? -1 : 1),
      ),
  })).filter(({ models }) => models.length > 0);
}
