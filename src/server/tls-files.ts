import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { AppError, messageOf, type Clock, type Log, type Timer } from '../base/index.js';

const LOOK_EVERY_MS = 30_000;
const READABLE_BY_ALL = 0o004;

/** PEM files by path. */
export interface TlsPaths {
  /** The certificate, with those of its issuers after it. */
  readonly cert: string;
  readonly key: string;
}

/** What Node's TLS takes. */
export interface TlsIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Certificate and key from files, read again when they were renewed. */
export class TlsFiles {
  readonly #paths: TlsPaths;
  readonly #clock: Clock;
  readonly #log: Log;
  #identity: TlsIdentity;
  #certificate: X509Certificate;
  #stamp: string;
  #timer: Timer | undefined;
  #isLooking = false;

  private constructor(paths: TlsPaths, loaded: Loaded, options: { clock: Clock; log: Log }) {
    this.#paths = paths;
    this.#identity = loaded.identity;
    this.#certificate = loaded.certificate;
    this.#stamp = loaded.stamp;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** @throws {AppError} `server/bad-certificate`, `server/key-readable` */
  static async open(paths: TlsPaths, options: { clock: Clock; log: Log }): Promise<TlsFiles> {
    return new TlsFiles(paths, await load(paths), options);
  }

  get identity(): TlsIdentity {
    return this.#identity;
  }

  /** Whether the certificate is for a host name or address. */
  covers(hostname: string): boolean {
    const match =
      isIP(hostname) === 0 ? this.#certificate.checkHost(hostname) : this.#certificate.checkIP(hostname);
    return match !== undefined;
  }

  /** Looks every 30 s whether the files changed; what cannot be used is told in the log, and the one before stays. */
  watch(onRenewed: (identity: TlsIdentity) => void): void {
    this.#timer ??= this.#clock.every(LOOK_EVERY_MS, () => void this.#look(onRenewed));
  }

  close(): void {
    this.#timer?.cancel();
  }

  async #look(onRenewed: (identity: TlsIdentity) => void): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      if ((await stampOf(this.#paths)) === this.#stamp) return;
      const { identity, certificate, stamp } = await load(this.#paths);
      this.#identity = identity;
      this.#certificate = certificate;
      this.#stamp = stamp;
      onRenewed(identity);
      this.#log.info({ validTo: certificate.validTo }, 'the certificate was renewed');
    } catch (error) {
      // Certificate and key are replaced one after the other: the next look finds both.
      this.#log.warn({ cause: messageOf(error) }, 'the new certificate cannot be used: the one before stays');
    } finally {
      this.#isLooking = false;
    }
  }
}

interface Loaded {
  readonly identity: TlsIdentity;
  readonly certificate: X509Certificate;
  readonly stamp: string;
}

async function load(paths: TlsPaths): Promise<Loaded> {
  try {
    const stamp = await stampOf(paths);
    const { mode } = await stat(paths.key);
    if (process.platform !== 'win32' && (mode & READABLE_BY_ALL) !== 0)
      throw new AppError(
        'server/key-readable',
        'input',
        `server.tls.key ${paths.key} can be read by everyone on this machine: run chmod o-r on it, and think of a new key`,
      );
    const [cert, key] = await Promise.all([readFile(paths.cert), readFile(paths.key)]);
    createSecureContext({ cert, key }); // refuses a key of another certificate
    return { identity: { cert, key }, certificate: new X509Certificate(cert), stamp };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'server/bad-certificate',
      'input',
      `server.tls cannot be used (${messageOf(error)}): cert must be a PEM certificate and key its unencrypted PEM key`,
      { cause: error },
    );
  }
}

/** Changes whenever one of the files is written or replaced. */
async function stampOf({ cert, key }: TlsPaths): Promise<string> {
  const facts = await Promise.all([stat(cert), stat(key)]);
  return facts.map(({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`).join(', ');
}
