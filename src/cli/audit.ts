import { AppError } from '../base/index.js';
import type { CliIo } from './cli-io.js';
import { withDesk, type DeskOptions } from './open-desk.js';

/** `sightline audit verify`: says what the chain begins after and where it ends. @throws {AppError} `access/audit-broken`, `store/*` */
export async function verifyAudit(options: DeskOptions, io: CliIo): Promise<void> {
  await withDesk(options, io, async (desk) => {
    const { entries, anchor, head, brokenAt } = await desk.checkAudit();
    if (brokenAt !== undefined)
      throw new AppError(
        'access/audit-broken',
        'conflict',
        `entry ${brokenAt} of the audit log is not what it was, or is not where it was: somebody changed the database by hand; the ${entries} before it, from ${anchor.seq + 1} on, are whole`,
      );
    const from =
      anchor.seq === 0 ? 'from the first on' : `from ${anchor.seq + 1} on, after the anchor ${anchor.hash}`;
    io.stdout.write(`${entries} entries ${from}: all as they were; the last is ${head}\n`);
  });
}
