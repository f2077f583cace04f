import { statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../base/index.js';
import { backUpDatabase, checkDatabase, repairDatabase, type DatabaseCheck } from '../store/index.js';
import type { CliIo } from './cli-io.js';
import { dataPlaceOf, type DeskOptions } from './open-desk.js';
import { table } from './table.js';

/** `sightline data check`. @throws {AppError} `store/damaged` where it is not sound, `store/unusable`, `store/not-embedded`, `config/*` */
export async function checkData(options: DeskOptions, io: CliIo): Promise<void> {
  const dir = await embeddedDirOf(options, io);
  const { file, bytes, faults } = check(dir, io);
  if (faults.length === 0) {
    io.stdout.write(`${file}: ${megabytes(bytes)}, sound\n`);
    return;
  }
  for (const fault of faults) io.stdout.write(`${fault}\n`);
  throw new AppError(
    'store/damaged',
    'conflict',
    `${file} is damaged: look at the health of the disk, stop the server and run "sightline data repair"`,
  );
}

/** `sightline data backup`. @throws {AppError} `store/backup-failed`, `store/unusable`, `store/not-embedded`, `config/*` */
export async function backUpData(to: string, options: DeskOptions, io: CliIo): Promise<void> {
  const dir = await embeddedDirOf(options, io);
  say(io, `copying the database of ${dir}`);
  await backUpDatabase(dir, path.resolve(to));
  io.stdout.write(`${to}: ${megabytes(statSync(to).size)}\n`);
}

/** `sightline data repair`. @throws {AppError} `store/locked` while a server runs, `store/unusable`, `store/not-embedded`, `config/*` */
export async function repairData(options: DeskOptions, io: CliIo): Promise<void> {
  const dir = await embeddedDirOf(options, io);
  const { file, bytes, faults } = check(dir, io);
  if (faults.length === 0) {
    io.stdout.write(`${file}: ${megabytes(bytes)}, sound: nothing was done\n`);
    return;
  }
  const { tables, damagedFile } = await repairDatabase(dir, (name) => say(io, `saving ${name}`));
  const kept = tables.filter(({ copied, unread }) => copied > 0 || unread !== 0);
  io.stdout.write(
    table([
      ['table', 'rows kept', 'not readable, at most'],
      ...kept.map(({ table: name, copied, unread }) => [
        name,
        String(copied),
        unread === 0 ? '' : (unread?.toString() ?? 'some'),
      ]),
    ]),
  );
  io.stdout.write(`${file} was made anew; the damaged one is ${damagedFile}\n`);
}

/** Says to who watches what is under way. */
function say({ stderr }: CliIo, what: string): void {
  if (stderr.isTTY === true) stderr.write(`${what}\n`);
}

function check(dir: string, io: CliIo): DatabaseCheck {
  say(io, `reading the database of ${dir}`);
  return checkDatabase(dir);
}

async function embeddedDirOf(options: DeskOptions, io: CliIo): Promise<string> {
  const { dir, postgresUrl } = await dataPlaceOf(options, io);
  if (postgresUrl === undefined) return dir;
  throw new AppError(
    'store/not-embedded',
    'input',
    'data.postgres says that a PostgreSQL server keeps the data: check and repair it there (amcheck, its backups)',
  );
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
