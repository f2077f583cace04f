import { existsSync } from 'node:fs';

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));

/**
 * Stands in for `setpriv` where there is none: it starts the command, and a reader on descriptor 9 that sees the
 * end of our pipe when this process is gone, however it went, and then kills the command.
 */
const GUARDIAN = `"$@" 9<&- & child=$!
( cat <&9 >/dev/null 2>&1; kill -9 $child 2>/dev/null ) & guard=$!
trap 'kill -TERM $child 2>/dev/null' TERM
exec 9<&-
wait $child; status=$?
while kill -0 $child 2>/dev/null; do wait $child; status=$?; done
kill $guard 2>/dev/null
exit $status`;

/** Descriptor on which the guardian needs the read end of a pipe whose write end is ours alone. */
export const GUARDIAN_FD = 9;

/** Whether commands from {@link dieWithParent} need a pipe on {@link GUARDIAN_FD}. */
export const needsGuardianPipe = SETPRIV === undefined;

/**
 * Wraps a command line so that the process does not outlive ours, even after a `kill -9` of ours: a child whose
 * camera has stalled would otherwise never notice. On Linux the kernel sees to it (`PR_SET_PDEATHSIG`).
 */
export function dieWithParent(command: readonly string[], options: { readonly guardian?: boolean } = {}): string[] {
  if (SETPRIV !== undefined && options.guardian !== true) return [SETPRIV, '--pdeathsig', 'KILL', '--', ...command];
  return ['/bin/sh', '-c', GUARDIAN, 'sightline-guardian', ...command];
}
