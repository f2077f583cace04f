import { silentLog, systemClock } from '../base/index.js';
import { findModel, pullModel, readCatalogue, type PulledFile } from '../catalogue/index.js';
import type { CliIo } from './cli-io.js';
import { progressBar, type Progress } from './progress.js';
import { table } from './table.js';

/** The flags of `sightline models pull`. */
export interface ModelsPullOptions {
  /** SPDX identifiers. */
  readonly acceptLicence: readonly string[];
}

/**
 * `sightline models pull`: brings models onto this machine, one after the other, and prints where their files are.
 * All names are looked up before anything is fetched.
 */
export async function pullModels(
  names: readonly string[],
  { acceptLicence }: ModelsPullOptions,
  io: CliIo,
): Promise<void> {
  const catalogue = await readCatalogue();
  for (const entry of names.map((name) => findModel(catalogue, name))) {
    const bars = new Map<string, Progress>();
    let pulled: PulledFile[];
    try {
      pulled = await pullModel(entry, {
        env: io.env,
        acceptedLicences: acceptLicence,
        clock: systemClock,
        log: silentLog,
        onProgress({ file, sizeBytes }, bytes) {
          const totalKb = sizeBytes === null ? undefined : Math.ceil(sizeBytes / 1000);
          const bar = bars.get(file) ?? progressBar(totalKb, `kB of ${file}`);
          bars.set(file, bar);
          bar.moveTo(Math.ceil(bytes / 1000));
        },
      });
    } finally {
      for (const bar of bars.values()) bar.stop();
    }
    const rows = pulled.map(({ role, path, wasHere }) => [
      entry.name,
      role,
      wasHere ? 'was here' : 'new',
      path,
    ]);
    io.stdout.write(table(rows));
  }
}
