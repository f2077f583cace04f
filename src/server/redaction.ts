import { seesPlain, type Caller } from '../access/index.js';
import { AppError } from '../base/index.js';
import type { Box } from '../geometry/index.js';
import type { ServerDependencies } from './dependencies.js';

// Who sees which camera's pictures as they are. Every route and socket that gives pictures away asks here; what cannot be covered is refused.

/** The part of the dependencies that says what is covered. */
export type Redactions = Pick<ServerDependencies, 'redaction' | 'redact' | 'configuredCameras'>;

/** A stored or fresh picture, as it is. */
export interface PlainPicture {
  readonly camera: string;
  readonly jpeg: Buffer;
  /** Where things to cover are known to be, as shares of it. */
  readonly known: readonly Box[];
}

/** Whether a caller sees a camera's pictures as they are. A camera that nobody configured any more is one for administrators. */
export function isPlain(
  { redaction }: Pick<Redactions, 'redaction'>,
  caller: Caller,
  camera: string,
): boolean {
  const covered = redaction(camera);
  return covered === undefined || seesPlain(caller, covered.plainFor);
}

/**
 * Lets nobody by who must not see a camera's pictures as they are.
 * @throws {AppError} `access/redacted`
 */
export function requirePlain(
  redactions: Pick<Redactions, 'redaction'>,
  caller: Caller,
  camera: string,
): void {
  if (!isPlain(redactions, caller, camera)) throw redacted();
}

/**
 * Whether a caller sees a camera's pictures covered, rather than as they are.
 * @throws {AppError} `access/redacted` where it is not known what to cover
 */
export function isCoveredFor(
  redactions: Pick<Redactions, 'redaction'>,
  caller: Caller,
  camera: string,
): boolean {
  if (isPlain(redactions, caller, camera)) return false;
  if (redactions.redaction(camera)?.labels.length === 0) throw redacted();
  return true;
}

/**
 * A picture as a caller may see it.
 * @throws {AppError} `access/redacted` where it is not known what to cover; `engine/*` where it cannot be covered now
 */
export async function pictureFor(
  { redaction, redact }: Pick<Redactions, 'redaction' | 'redact'>,
  caller: Caller,
  { camera, jpeg, known }: PlainPicture,
): Promise<Buffer> {
  return isCoveredFor({ redaction }, caller, camera) ? redact(camera, jpeg, known) : jpeg;
}

/** The cameras whose pictures a caller sees as they are; undefined where that is all. */
function plainCameras(redactions: Redactions, caller: Caller): readonly string[] | undefined {
  if (seesPlain(caller, 'admin')) return undefined;
  return redactions.configuredCameras().filter((camera) => isPlain(redactions, caller, camera));
}

/** Of the cameras asked for, undefined being all, those whose pictures a caller sees as they are; undefined where that is all. */
export function plainOf(
  redactions: Redactions,
  caller: Caller,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  const plain = plainCameras(redactions, caller);
  return plain === undefined ? asked : (asked ?? plain).filter((id) => plain.includes(id));
}

function redacted(): AppError {
  return new AppError(
    'access/redacted',
    'unauthorized',
    'people are covered in the pictures of this camera for your role, and this cannot be: ask an administrator',
  );
}
