import { isIP } from 'node:net';
import { AppError, forbiddenSourceOf, hostOf } from '../base/index.js';
import { isWithin, type KeyPattern } from './key-pattern.js';
import { pathText, type KeyPath } from './problem.js';
import { isUpload, isWebcam } from './source-address.js';

/**
 * What the API may set, and nothing else: what executes or names paths, where the server listens and whom it trusts, and where messages go
 * and what signs them is set in the file on the disk alone. A key that is new belongs there until it is named here. Whoever takes over an
 * administrator's session gains nothing beyond the cameras by the API.
 */
const EDITABLE: readonly KeyPattern[] = [
  'cameras',
  'rules',
  'engine.workers',
  'data.eventsDays',
  'data.tracksDays',
  'data.history',
  'data.snapshots',
  'data.snapshotsGb',
  'recording.reserveGb',
  'recording.cold.afterHours',
  'webhooks.*.topics',
  'webhooks.*.types',
  'webhooks.*.cameras',
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
  if (!EDITABLE.some((pattern) => isWithin(pattern, path))) throw fileOnly(path, 'this key');
  if (typeof value !== 'string') return;
  refuseReference(path, value);
  if (!isWithin('cameras.*.source', path)) return;
  if (isUpload(value) || isWebcam(value)) return;
  refuseSource(path, value);
  if (PASSWORD_IN_URL.test(value) || SECRET_PARAMETER.test(value))
    throw fileOnly(path, 'a source with a password (as ${VARIABLE}, never as it is)');
}

/**
 * Refuses a source that the API may neither set nor try: what is no address on the network, or one that no camera has.
 *
 * @param path as messages name it
 * @throws {AppError} `config/file-only`
 */
export function refuseSource(path: KeyPath, source: string): void {
  refuseReference(path, source);
  if (!NETWORK_SOURCE.test(source)) throw fileOnly(path, 'a source that is a file or device');
  const host = hostOf(source);
  const kind = isIP(host) === 0 ? undefined : forbiddenSourceOf(source, host);
  if (kind !== undefined) throw fileOnly(path, `a source whose address is ${kind}`);
}

/** A placeholder could carry any variable of the server's environment to a host of the caller's choice. */
function refuseReference(path: KeyPath, value: string): void {
  if (value.includes('${')) throw fileOnly(path, 'a reference to an environment variable');
}

function fileOnly(path: KeyPath, what: string): AppError {
  return new AppError(
    'config/file-only',
    'unauthorized',
    `${pathText(path)}: ${what} can be set in the configuration file on the server alone: edit it there, it applies when saved`,
  );
}
