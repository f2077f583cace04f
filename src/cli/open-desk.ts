import path from 'node:path';
import { Accounts, deskOf, remoteDesk, type AccountDesk } from '../access/index.js';
import { createLog, systemClock } from '../base/index.js';
import { demoConfig, loadConfig, type Config } from '../config/index.js';
import { Store } from '../store/index.js';
import type { CliIo } from './cli-io.js';
import { usualConfigFile } from './usual-config-file.js';

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
  const { dir: dataDir, postgresUrl } = await dataPlaceOf(options, io);
  const running = await remoteDesk(dataDir);
  if (running !== undefined) return await work(running);
  const log = createLog('error', (line) => io.stderr.write(line));
  const store = await Store.open({ dataDir, postgresUrl, clock: systemClock, log });
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

/** Where a server keeps its data. @throws {AppError} `config/*` */
export async function dataPlaceOf(
  { config, dataDir }: DeskOptions,
  { env }: CliIo,
): Promise<Pick<Config['data'], 'dir' | 'postgresUrl'>> {
  const file = config ?? usualConfigFile();
  // The configuration also says whether accounts are in a database; a folder that is named alone has them in it.
  if (config === undefined && dataDir !== undefined) return { dir: path.resolve(dataDir) };
  const { data } = file === undefined ? demoConfig(env) : await loadConfig(file, env);
  return dataDir === undefined ? data : { ...data, dir: path.resolve(dataDir) };
}
