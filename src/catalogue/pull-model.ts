import path from 'node:path';
import { AppError, messageOf, type Clock, type Log } from '../base/index.js';
import type { Environment } from '../config/index.js';
import { defaultCacheDir, ensureDefaultDetector } from '../inference/index.js';
import { MODEL_BYTES_MAX } from '../models/index.js';
import type { CatalogueEntry, FileRole, ModelFile } from './catalogue-schema.js';
import { downloadInto, WrongContent } from './download.js';
import { requireAcceptedLicence } from './licences.js';
import { addressesOf } from './mirrors.js';
import { PartFile } from './part-file.js';
import { locateFile, modelPlaces, sha256OfFile } from './places.js';
import { byHand, damaged, requireHash } from './refusals.js';

const STALL_TIMEOUT_MS = 30_000;
const STALL_BYTES = 4096;

/** What a model is pulled with. */
export interface PullOptions {
  readonly env: Environment;
  /** SPDX identifiers of licences that bind their users and that the user has named. */
  readonly acceptedLicences: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Called as bytes come, those of an earlier run included. */
  readonly onProgress?: (file: ModelFile, bytes: number) => void;
  /** Time within which a mirror must send 4 KiB, or is given up; 30 s when absent. */
  readonly stallTimeoutMs?: number;
  /** Aborted: no more is fetched. What has come stays, and the next run goes on from there. */
  readonly signal?: AbortSignal;
}

/** One file of a model that is on this machine, with the content that the catalogue says. */
export interface PulledFile {
  readonly role: FileRole;
  readonly path: string;
  /** False when this call fetched or made it. */
  readonly wasHere: boolean;
}

/**
 * Brings all files of a model onto this machine, and checks each against its hash before it gets its name. Mirrors are
 * tried in order; what came of an interrupted run is gone on from. Several processes may pull the same model at once.
 * Rejects with the signal's reason when that is aborted.
 *
 * @throws {AppError} `model/licence-not-accepted`, `model/hash-unknown`, `model/hash-mismatch`, `model/download-failed`,
 *   `model/mirror-invalid` or `model/cache-unwritable`
 */
export async function pullModel(entry: CatalogueEntry, options: PullOptions): Promise<PulledFile[]> {
  if (entry.convertedFrom !== undefined) {
    let wasHere = true;
    const converted = await ensureDefaultDetector({
      cacheDir: defaultCacheDir(options.env),
      log: options.log,
      onProgress: () => (wasHere = false),
    });
    return [{ role: 'model', path: converted, wasHere }];
  }
  const pulled: PulledFile[] = [];
  for (const file of entry.files) pulled.push(await pullFile(entry, file, options));
  return pulled;
}

async function pullFile(entry: CatalogueEntry, file: ModelFile, options: PullOptions): Promise<PulledFile> {
  options.signal?.throwIfAborted();
  const places = modelPlaces(options.env);
  const sha256 = requireHash(entry, file, places);
  const found = await locateFile(file, places);
  if (found.state === 'here') return { role: file.role, path: found.path, wasHere: true };
  if (found.state === 'damaged' && found.isOffline) throw damaged(entry, file, found.path, places);
  requireAcceptedLicence(entry, options.acceptedLicences);
  const addresses = addressesOf(file, options.env);
  if (addresses.length === 0) {
    throw new AppError(
      'model/download-failed',
      'unavailable',
      `${entry.name}: no address is known for ${file.file}. ${byHand(file, places)}`,
    );
  }

  const target = path.join(places.downloadDir, file.file);
  try {
    const part = await PartFile.claim(target);
    try {
      await fetchFromAny(part, addresses, entry, file, sha256, options);
      await part.finish(target);
    } finally {
      await part.release();
    }
  } catch (error) {
    if (!isDiskError(error)) throw error;
    throw new AppError(
      'model/cache-unwritable',
      'unavailable',
      `Cannot write ${file.file} to ${places.downloadDir} (${messageOf(error)}). ` +
        'Make room, or set SIGHTLINE_CACHE_DIR to a writable folder.',
      { cause: error },
    );
  }
  return { role: file.role, path: target, wasHere: false };
}

/** Fills `part` with the whole, verified file from the first address that has it. */
async function fetchFromAny(
  part: PartFile,
  addresses: readonly string[],
  entry: CatalogueEntry,
  file: ModelFile,
  sha256: string,
  options: PullOptions,
): Promise<void> {
  const reasons: string[] = [];
  let wrong = 0;
  for (const address of addresses) {
    const failure = await tryAddress(part, address, file, sha256, options);
    if (failure === undefined) return;
    if (failure.error instanceof WrongContent) wrong++;
    const reason = `${new URL(address).host}: ${reasonOf(failure.error)}`;
    options.log.info({ model: entry.name, address, reason }, 'a mirror did not deliver');
    reasons.push(reason);
  }
  throw new AppError(
    wrong === addresses.length ? 'model/hash-mismatch' : 'model/download-failed',
    'unavailable',
    `${entry.name}: ${file.file} could not be fetched (${reasons.join('; ')}). ` +
      byHand(file, modelPlaces(options.env)),
  );
}

/** Undefined when `part` holds the file. What is wrong with it is thrown away; what is missing may yet come. */
async function tryAddress(
  part: PartFile,
  address: string,
  file: ModelFile,
  sha256: string,
  options: PullOptions,
): Promise<{ readonly error: unknown } | undefined> {
  for (;;) {
    const hadBytes = (await part.sizeBytes()) > 0;
    try {
      await downloadInto(part, address, {
        sizeBytes: file.sizeBytes ?? undefined,
        bytesMax: file.sizeBytes ?? MODEL_BYTES_MAX,
        stallTimeoutMs: options.stallTimeoutMs ?? STALL_TIMEOUT_MS,
        stallBytes: STALL_BYTES,
        clock: options.clock,
        onProgress: (bytes) => options.onProgress?.(file, bytes),
        ...(options.signal !== undefined && { signal: options.signal }),
      });
      const got = await sha256OfFile(part.path);
      if (got === sha256) return undefined;
      throw new WrongContent(`its SHA-256 is ${got ?? 'unreadable'}, not ${sha256}`);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (isDiskError(error)) throw error;
      if (!(error instanceof WrongContent)) return { error };
      await part.clear();
      // Bytes of an earlier run may be what was wrong: once more, from the beginning.
      if (!hadBytes) return { error };
    }
  }
}

/** Fetch says no more than "fetch failed"; its cause knows. */
function reasonOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  const known = typeof cause === 'object' && cause !== null && 'message' in cause ? cause.message : '';
  return typeof known === 'string' && known !== '' ? known : messageOf(error);
}

/** Errors of the file system have a system call; fetch wraps those of the network. */
function isDiskError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'syscall' in error;
}
