import { AppError } from '../base/index.js';
import { pathText, type KeyPath } from './problem.js';

/**
 * Keys that are set in the file on the disk alone: what executes or names paths, where the server listens and whom it trusts, and where
 * messages go and what signs them. Whoever takes over an administrator's session gains nothing beyond the cameras by the API.
 */
const FILE_ONLY: readonly string[] = [
  'server',
  'ffmpeg',
  'models',
  'data.dir',
  'recording.dir',
  'recording.cold.dir',
  'webhooks.*.url',
  'webhooks.*.secret',
];

/** Schemes of sources that are no path, device or program of this machine. */
const NETWORK_SOURCE = /^(rtsps?|https?|rtmps?|srt|udp):\/\//i;
/** `user:password@` with something as the password. */
const PASSWORD_IN_URL = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*:[^/?#]*@/i;
/** As `media/` knows them: in the query of an address these are secrets like a password. */
const SECRET_PARAMETER = /[?&](?:passphrase|password|passwd|pwd|pass|token|key|secret|auth)=./i;

/**
 * Refuses one change of a value that the API may not make.
 *
 * @param path of the value, the innermost that changes
 * @param value what it is to be; undefined: it is removed
 * @throws {AppError} `config/file-only`
 */
export function refuseFileOnly(path: KeyPath, value: unknown): void {
  const isFileOnly = FILE_ONLY.some((pattern) => {
    const keys = pattern.split('.');
    return keys.length <= path.length && keys.every((key, at) => key === '*' || key === path[at]);
  });
  if (isFileOnly) throw fileOnly(path, 'this key');
  if (typeof value !== 'string') return;
  // A placeholder could carry any variable of the server's environment to a host of the caller's choice.
  if (value.includes('${')) throw fileOnly(path, 'a reference to an environment variable');
  if (path.length !== 3 || path[0] !== 'cameras' || path[2] !== 'source') return;
  if (!NETWORK_SOURCE.test(value)) throw fileOnly(path, 'a source that is a file or device');
  if (PASSWORD_IN_URL.test(value) || SECRET_PARAMETER.test(value))
    throw fileOnly(path, 'a source with a password (as ${VARIABLE}, never as it is)');
}

function fileOnly(path: KeyPath, what: string): AppError {
  return new AppError(
    'config/file-only',
    'unauthorized',
    `${pathText(path)}: ${what} can be set in the configuration file on the server alone: edit it there, it applies when saved`,
  );
}
