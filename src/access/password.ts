import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '../base/index.js';

/** 32 MiB and about a sixth of a second of one core: as OWASP advises where 128 MiB per login is too much. */
const COST = { N: 2 ** 15, r: 8, p: 3 };
const MEMORY_BYTES_MAX = 256 * 1024 * 1024;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Hashes made at the same time; more would take processor time from the cameras. */
const AT_ONCE = 2;
const WAITING_MAX = 20;

const STORED = /^scrypt\$N=(\d{1,7}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{8,88})\$([\w-]{8,88})$/;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Hashes a password with scrypt in libuv's threads, two at a time.
 *
 * @returns `scrypt$N=…,r=…,p=…$salt$hash`: the parameters stand with the hash, so that they can rise later
 * @throws {AppError} `access/busy` when 20 wait already
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST, HASH_BYTES);
  const { N, r, p } = COST;
  return `scrypt$N=${N},r=${r},p=${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/**
 * Whether a password is the one that was hashed. Takes as long for a user who is not there (`stored` undefined).
 *
 * @throws {AppError} `access/busy` when 20 wait already
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, N, r, p, salt, hash] = STORED.exec(stored ?? '') ?? [];
  if (salt === undefined || hash === undefined) {
    await derive(password, randomBytes(SALT_BYTES), COST, HASH_BYTES);
    return false;
  }
  const expected = Buffer.from(hash, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const found = await derive(password, Buffer.from(salt, 'base64url'), cost, expected.length);
  return timingSafeEqual(found, expected);
}

async function derive(password: string, salt: Buffer, cost: typeof COST, bytes: number): Promise<Buffer> {
  await turn();
  try {
    return await new Promise((resolve, reject) =>
      scrypt(password.normalize('NFC'), salt, bytes, { ...cost, maxmem: MEMORY_BYTES_MAX }, (error, hash) =>
        error === null ? resolve(hash) : reject(error),
      ),
    );
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

function turn(): Promise<void> {
  if (running < AT_ONCE) {
    running++;
    return Promise.resolve();
  }
  if (waiting.length >= WAITING_MAX)
    throw new AppError(
      'access/busy',
      'unavailable',
      'too many sign in at this moment: try again in a few seconds',
    );
  return new Promise((resolve) => waiting.push(resolve));
}
