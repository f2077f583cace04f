import type { Request } from 'express';
import { z } from 'zod';
import { AppError } from '../base/index.js';
import { CAMERA_ID } from '../config/index.js';
import type { Cursor } from '../store/index.js';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 500;

/** A moment, as ISO 8601 with a time zone; read as ms since 1970 UTC. */
export const moment = z.iso
  .datetime({ offset: true, error: 'give a moment as 2026-05-04T09:30:00Z' })
  .transform((text) => Date.parse(text));

/** What a camera may be called. */
export const cameraId = z.string().regex(CAMERA_ID, { error: 'it is no camera id' });

/** One value, or several of the same name. */
export const listOf = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z.union([item.transform((one) => [one]), z.array(item).min(1).max(100)]);

/** `true` or `false`. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const cursor = z
  .string()
  .max(64)
  .transform((text, context): Cursor => {
    const match = /^(\d{1,15})\.(\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString());
    if (match !== null) return { startedMs: Number(match[1]), seq: Number(match[2]) };
    context.addIssue({ code: 'custom', message: 'take it from the answer before, as it is' });
    return z.NEVER;
  });

/** A whole number between two, both included. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, { error: 'give a whole number' })
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** What every list of things with a beginning takes. */
export const pageKeys = {
  from: moment.optional(),
  to: moment.optional(),
  cursor: cursor.optional(),
  limit: wholeNumber(1, LIMIT_MAX).default(LIMIT_DEFAULT),
};

/** Query of `GET cameras/:id/snapshot.jpg`, px. */
export const snapshotQuery = z.strictObject({ width: wholeNumber(16, 4096).optional() });

/** A place in a list as text that says nothing to its reader. */
export function cursorText({ startedMs, seq }: Cursor): string {
  return Buffer.from(`${startedMs}.${seq}`).toString('base64url');
}

/**
 * The query of a request, checked.
 *
 * @throws {AppError} `server/bad-query`, naming the parameter
 */
export function readQuery<Schema extends z.ZodType>(request: Request, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(request.query);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = issue?.path[0] ?? '';
  throw new AppError(
    'server/bad-query',
    'input',
    name === ''
      ? `the query is not as it should be: ${issue?.message}`
      : `${String(name)}: ${issue?.message}`,
  );
}
