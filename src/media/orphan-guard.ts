import { execFile } from 'node:child_process';

/**
 * What ends a child when this process dies without a word (`kill -9`, out of memory): the kernel, by
 * util-linux's `setpriv --pdeathsig`, or a shell that waits on a pipe held by us, or nothing.
 */
export type OrphanGuard = 'setpriv' | 'shell' | 'none';

/** A program and its arguments, as `spawn` wants them. */
export interface GuardedCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** Whether a pipe, held open by us and otherwise unused, must be its descriptor 3. */
  readonly needsLifeline: boolean;
}

/**
 * Runs "$@" and kills it when descriptor 3 ends. The program inherits our descriptors 0–2 as they are; the
 * detour by 4 is needed since a shell gives a background command /dev/null as standard input.
 */
const GUARDIAN = `
exec 4<&0
"$@" <&4 3<&- 4<&- &
child=$!
exec 0</dev/null 1>/dev/null 4<&-
{ cat <&3; kill -KILL "$child"; } 2>/dev/null &
watcher=$!
exec 3<&-
wait "$child"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
`;

let found: Promise<OrphanGuard> | undefined;

/** The best guard that this machine has; asked once. */
export function findOrphanGuard(): Promise<OrphanGuard> {
  return (found ??= process.platform === 'win32' ? Promise.resolve('none') : trySetpriv());
}

/** Wraps a command so that it does not outlive this process. */
export function guardedCommand(guard: OrphanGuard, file: string, args: readonly string[]): GuardedCommand {
  switch (guard) {
    case 'setpriv':
      return { file: 'setpriv', args: ['--pdeathsig', 'KILL', '--', file, ...args], needsLifeline: false };
    case 'shell':
      return {
        file: '/bin/sh',
        args: ['-c', GUARDIAN, 'sightline-guardian', file, ...args],
        needsLifeline: true,
      };
    case 'none':
      return { file, args, needsLifeline: false };
  }
}

function trySetpriv(): Promise<OrphanGuard> {
  return new Promise((resolve) => {
    execFile('setpriv', ['--pdeathsig', 'KILL', '--', 'true'], { timeout: 10_000 }, (error) => {
      resolve(error === null ? 'setpriv' : 'shell');
    });
  });
}
