import express, { type Request, type RequestHandler } from 'express';
import type { z } from 'zod';
import { AppError } from '../base/index.js';

const BODY_BYTES_MAX = 1024 * 1024;
const DEPTH_MAX = 32;
const KEYS_MAX = 10_000;
/** They would reach into JavaScript's own objects. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** A piece of a file. A request has 30 s: it passes within them at 1.1 Mbit/s. */
export const PIECE_BYTES_MAX = 4 << 20;

/** Reads JSON bodies as bytes, 1 MiB at most and never compressed; other content types are refused. */
export function jsonBodies(): RequestHandler[] {
  return bodiesOf('application/json', BODY_BYTES_MAX);
}

/** Reads bodies of bytes, 4 MiB at most and never compressed. */
export function byteBodies(): RequestHandler[] {
  return bodiesOf('application/octet-stream', PIECE_BYTES_MAX);
}

function bodiesOf(type: string, limit: number): RequestHandler[] {
  return [
    (request, _response, next) => {
      const hasBody = request.headers['content-length'] !== '0' && ('content-length' in request.headers || 'transfer-encoding' in request.headers); // prettier-ignore
      if (hasBody && request.is(type) === false)
        throw new AppError('server/unsupported-body', 'input', `send the body as ${type}, not compressed`);
      next();
    },
    express.raw({ type, limit, inflate: false }),
  ];
}

/**
 * The JSON body of a request, checked.
 *
 * @throws {AppError} `server/bad-body` for what is no JSON or too deep, `server/invalid-body` for what does not fit the schema
 */
export function readBody<Schema extends z.ZodType>(request: Request, schema: Schema): z.output<Schema> {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes)) throw bad('this needs a JSON body');
  const result = schema.safeParse(parse(bytes));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new AppError(
    'server/invalid-body',
    'input',
    `${where === '' ? 'the body' : `"${where}"`} is not as it should be: ${issue?.message ?? 'it does not fit'}`,
  );
}

function parse(bytes: Buffer): unknown {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw bad('the body is not UTF-8');
  }
  // Before parsing: what is very deep or large costs its time there.
  let [depth, keys] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const letter = text.charCodeAt(at);
    if (letter === 0x22) {
      at = endOfString(text, at);
    } else if (letter === 0x7b || letter === 0x5b) {
      if (++depth > DEPTH_MAX) throw bad(`the body is nested deeper than ${DEPTH_MAX} levels`);
    } else if (letter === 0x7d || letter === 0x5d) {
      depth--;
    } else if (letter === 0x3a || letter === 0x2c) {
      if (++keys > KEYS_MAX) throw bad(`the body has more than ${KEYS_MAX} keys and values`);
    }
  }
  try {
    value = JSON.parse(text, (key, inner: unknown) => {
      if (FORBIDDEN_KEYS.has(key)) throw bad('the body has a key that may not be used');
      if (typeof inner === 'string' && inner.includes('\0')) throw bad('the body has a NUL character');
      return inner;
    });
  } catch (error) {
    throw error instanceof AppError ? error : bad('the body is not JSON');
  }
  return value;
}

/** Index of the quote that closes the string which begins at `at`. */
function endOfString(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '"') return end;
  }
  return text.length;
}

function bad(message: string): AppError {
  return new AppError('server/bad-body', 'input', message);
}
