import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;
const ID_BYTES = 9;
const TOKEN_PREFIX = 'slt_';
/** Without letters and digits that look alike. */
const CODE_ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const CODE_GROUPS = 3;
const CODE_GROUP_LENGTH = 4;

/** An id that is no secret: random, so that it is never given twice; hexadecimal, since a command line would take a leading `-` for an option. */
export function newId(): string {
  return randomBytes(ID_BYTES).toString('hex');
}

/** The secret of a session: 256 random bits. */
export function newSessionSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** The secret of a token: 256 random bits; the prefix lets scanners of leaked secrets know it. */
export function newTokenSecret(): string {
  return `${TOKEN_PREFIX}${newSessionSecret()}`;
}

/** A code that people copy from the console: about 58 random bits. */
export function newSetupCode(): string {
  const group = () =>
    Array.from({ length: CODE_GROUP_LENGTH }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('');
  return Array.from({ length: CODE_GROUPS }, group).join('-');
}

/** What is kept of a secret: from it the secret cannot be had. Secrets of 256 random bits need no salt and no slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** Compares two texts in a time that tells nothing but whether they are equal. */
export function isSameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(one), digest(other));
}
