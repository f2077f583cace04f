import type { CameraList, Role } from '../access/index.js';
import type { CliIo } from './cli-io.js';
import { withDesk, type DeskOptions } from './open-desk.js';
import { readNewPassword } from './read-password.js';
import { table } from './table.js';

/** The flags of `sightline user add`. */
export interface UserAddOptions extends DeskOptions {
  readonly role: Role;
  readonly cameras?: string[];
}

/** `sightline user add NAME`. @throws {AppError} `access/*`, `cli/no-password` */
export async function addUser(name: string, options: UserAddOptions, io: CliIo): Promise<void> {
  const password = await readNewPassword(io);
  await withDesk(options, io, async (desk) => {
    const user = await desk.addUser({ name, password, role: options.role, cameras: options.cameras ?? '*' });
    io.stdout.write(`${user.name} is ${user.role} of ${camerasText(user.cameras)}\n`);
  });
}

/** `sightline user list`. */
export async function listUsers(options: DeskOptions, io: CliIo): Promise<void> {
  await withDesk(options, io, async (desk) => {
    const users = await desk.listUsers();
    if (users.length === 0)
      return void io.stdout.write('there are no users yet: sightline user add NAME --role admin\n');
    const rows = users.map(({ name, role, cameras, createdAt, issuer }) => [
      name,
      role,
      camerasText(cameras),
      createdAt.slice(0, 10),
      issuer ?? 'here',
    ]);
    io.stdout.write(table([['name', 'role', 'cameras', 'since', 'signs in'], ...rows]));
  });
}

/** `sightline user remove NAME`. @throws {AppError} `access/not-found`, `access/last-admin` */
export async function removeUser(name: string, options: DeskOptions, io: CliIo): Promise<void> {
  await withDesk(options, io, async (desk) => {
    await desk.removeUser(name);
    io.stdout.write(`${name} is removed, with all sessions and tokens\n`);
  });
}

/** `sightline user password NAME`. @throws {AppError} `access/not-found`, `access/weak-password`, `cli/no-password` */
export async function setPassword(name: string, options: DeskOptions, io: CliIo): Promise<void> {
  const password = await readNewPassword(io);
  await withDesk(options, io, async (desk) => {
    await desk.setPassword(name, password);
    io.stdout.write(`${name} has a new password; all sessions and tokens ended\n`);
  });
}

/** Cameras in words. */
export function camerasText(cameras: CameraList): string {
  if (cameras === '*') return 'all cameras';
  return cameras.length === 0 ? 'no camera' : cameras.join(', ');
}
