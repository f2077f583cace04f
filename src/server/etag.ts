import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { AppError } from '../base/index.js';

const TAG = /^"[\x21\x23-\x7e]*"$/;
/** 132 bits. */
const TAG_LENGTH = 22;

/**
 * The strong ETag of what is answered as JSON: the same as long as every byte of it is. Lists and what nobody changes need none of these: Express gives
 * them weak ones. Not for what holds secrets that are not told: a plain hash could be tried out.
 */
function etagOf(view: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, TAG_LENGTH)}"`;
}

/**
 * Answers with a thing that can be changed, and the ETag that names its state. Express answers 304 where `If-None-Match` names it;
 * the browser may keep it, and asks each time.
 */
export function answerTagged(response: Response, view: unknown): void {
  response.set({ ETag: etagOf(view), 'Cache-Control': 'private, no-cache' }).json(view);
}

/**
 * Checks `If-Match`, where there is one: by strong comparison, so that a weak ETag never matches (RFC 9110, 13.1.1).
 *
 * @param current what would be answered now
 * @throws {AppError} `server/changed-meanwhile`
 */
export function checkIfMatch({ headers }: Request, current: unknown): void {
  const asked = headers['if-match'];
  if (asked === undefined || asked.trim() === '*') return;
  const tag = etagOf(current);
  if (asked.split(',').some((one) => one.trim() === tag)) return;
  throw new AppError(
    'server/changed-meanwhile',
    'conflict',
    'it has changed since you read it: read it again, and make the change anew',
  );
}

/**
 * The one strong ETag that `If-Match` names, where nothing may be changed without.
 * @throws {AppError} `server/if-match-required`
 */
export function requireIfMatch({ headers }: Request): string {
  const tag = headers['if-match'];
  if (tag !== undefined && TAG.test(tag)) return tag;
  throw new AppError(
    'server/if-match-required',
    'input',
    'send the ETag of the answer that you change, as it is, in the header If-Match: without it the change of someone else could be lost',
  );
}
