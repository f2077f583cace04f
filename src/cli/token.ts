import type { Permission, Role } from '../access/index.js';
import type { CliIo } from './cli-io.js';
import { withDesk, type DeskOptions } from './open-desk.js';
import { table } from './table.js';
import { camerasText } from './user.js';

/** The flags of `sightline token create`. */
export interface TokenCreateOptions extends DeskOptions {
  readonly role: Role;
  readonly cameras?: string[];
  readonly only?: Permission[];
  readonly days?: number;
}

/** `sightline token create NAME`: the secret alone goes to stdout, so that it can be piped. @throws {AppError} `access/*` */
export async function createToken(name: string, options: TokenCreateOptions, io: CliIo): Promise<void> {
  const { role, cameras = '*', only, days } = options;
  await withDesk(options, io, async (desk) => {
    const { secret, token } = await desk.createToken({ name, role, cameras, only, days });
    io.stdout.write(`${secret}\n`);
    const until =
      token.expiresAt === undefined ? 'does not expire' : `holds until ${token.expiresAt.slice(0, 10)}`;
    io.stderr.write(
      `token ${token.id}: ${token.only?.join(' ') ?? token.role}, ${camerasText(token.cameras)}, ${until}; it is not shown again\n`,
    );
  });
}

/** `sightline token list`. */
export async function listTokens(options: DeskOptions, io: CliIo): Promise<void> {
  await withDesk(options, io, async (desk) => {
    const tokens = await desk.listTokens();
    if (tokens.length === 0)
      return void io.stdout.write('there are no tokens: sightline token create NAME\n');
    const rows = tokens.map((token) => [
      token.id,
      token.name,
      token.only?.join(' ') ?? token.role,
      camerasText(token.cameras),
      token.owner ?? 'command line',
      token.expiresAt?.slice(0, 10) ?? 'never',
    ]);
    io.stdout.write(table([['id', 'name', 'may', 'cameras', 'made by', 'expires'], ...rows]));
  });
}

/** `sightline token revoke ID`. @throws {AppError} `access/not-found` */
export async function revokeToken(id: string, options: DeskOptions, io: CliIo): Promise<void> {
  await withDesk(options, io, async (desk) => {
    await desk.revokeToken(id);
    io.stdout.write(`token ${id} is revoked\n`);
  });
}
