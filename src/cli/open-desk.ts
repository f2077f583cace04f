import { existsSync } from 'node:fs';
import path from 'node:path';
import { Accounts, deskOf, remoteDesk, type AccountDesk } from '../access/index.js';
import { createLog, systemClock } from '../base/index.js';
import { demoConfig, loadConfig } from '../config/index.js';
import { Store } from '../store/index.js';
import type { CliIo } from './cli-io.js';

/** Taken without `--config` when it lies in the working directory, as by `serve`. */
const USUAL_CONFIG_FILE = 'sightline.yaml';

/** Which server is meant. */
export interface DeskOptions {
  readonly config?: string;
  readonly dataDir?: string;
}

/**
 * Does something with the accounts of a server: in the running one, or on its data directory when none runs.
 *
 * @throws {AppError} `config/*`, `store/*`, and what the work throws
 */
export async function withDesk(
  options: DeskOptions,
  io: CliIo,
  work: (desk: AccountDesk) => Promise<void>,
): Promise<void> {
  const dataDir = await dataDirOf(options, io);
  const running = await remoteDesk(dataDir);
  if (running !== undefined) return await work(running);
  const log = createLog('error', (line) => io.stderr.write(line));
  const store = await Store.open({ dataDir, clock: systemClock, log });
  try {
    const accounts = await Accounts.open({ table: store.table('access'), dataDir, clock: systemClock, log });
    try {
      await work(deskOf(accounts));
    } finally {
      await accounts.close();
    }
  } finally {
    await store.close();
  }
}

async function dataDirOf({ config, dataDir }: DeskOptions, { env }: CliIo): Promise<string> {
  if (dataDir !== undefined) return path.resolve(dataDir);
  if (env['SIGHTLINE_DATA_DIR']) return path.resolve(env['SIGHTLINE_DATA_DIR']);
  const file = config ?? (existsSync(USUAL_CONFIG_FILE) ? USUAL_CONFIG_FILE : undefined);
  return (file === undefined ? demoConfig(env) : await loadConfig(file, env)).data.dir;
}
