import { isDeepStrictEqual } from 'node:util';
import { isMap, parseDocument, type Document } from 'yaml';
import { AppError } from '../base/index.js';
import { refuseFileOnly } from './file-only.js';
import { MASK, masked } from './masked.js';
import { isJsonObject, mergePatch } from './merge-patch.js';
import type { KeyPath } from './problem.js';

/** A file's text after a merge patch, and which keys differ: `cameras.gate.name`. */
export interface EditedText {
  readonly text: string;
  readonly paths: readonly KeyPath[];
}

/**
 * Applies a merge patch to the text of a YAML file; comments, order and all that does not change stay. What the patch gives exactly as it is
 * shown masked counts as unchanged, so that an answer of `GET` may be sent back.
 *
 * @throws {AppError} `config/file-only`, `config/not-editable`
 */
export function editText(text: string, patch: unknown): EditedText {
  const document = parseDocument(text);
  const before: unknown = document.toJS() ?? {};
  const after = mergePatch(before, withoutMasks(patch, before));
  const paths: KeyPath[] = [];
  apply(document, before, after, [], paths);
  if (paths.length === 0) return { text, paths };
  const edited = document.toString({ lineWidth: 0 });
  // Aliases and merge keys make one place of several: whatever came out otherwise than asked for is not written.
  if (!isDeepStrictEqual(parseDocument(edited).toJS(), after)) throw notEditable();
  return { text: edited, paths };
}

function apply(document: Document, before: unknown, after: unknown, path: KeyPath, paths: KeyPath[]): void {
  if (isDeepStrictEqual(before, after)) return;
  if (isJsonObject(after) && (isJsonObject(before) || before === undefined || path.length === 0)) {
    const old = isJsonObject(before) ? before : {};
    const keys = new Set([...Object.keys(old), ...Object.keys(after)]);
    if (keys.size > 0) {
      for (const key of keys) apply(document, old[key], after[key], [...path, key], paths);
      // What is left empty stays as a section without keys.
      return;
    }
  }
  // What goes is looked at too: a section replaced by something else would take its keys with it.
  for (const [at] of leavesOf(before, path)) refuseFileOnly(at, undefined);
  for (const [at, value] of leavesOf(after, path)) refuseFileOnly(at, value);
  paths.push(path);
  try {
    if (after === undefined) document.deleteIn(path);
    else setIn(document, path, after);
  } catch {
    throw notEditable();
  }
}

/** Sets a value, and makes the sections above it where they are not there; a comment behind a replaced value stays. */
function setIn(document: Document, path: KeyPath, value: unknown): void {
  for (let depth = 1; depth < path.length; depth++) {
    const above = path.slice(0, depth);
    if (!isMap(document.getIn(above, true))) document.setIn(above, document.createNode({}));
  }
  document.setIn(path, typeof value === 'object' ? document.createNode(value) : value);
}

function leavesOf(value: unknown, path: KeyPath): [KeyPath, unknown][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const inner = Object.entries(value).flatMap(([key, one]) => leavesOf(one, [...path, key]));
  return inner.length === 0 ? [[path, value]] : inner;
}

/** The patch with what stands in it as `GET` shows it replaced by what the file has. */
function withoutMasks(patch: unknown, before: unknown, path: KeyPath = []): unknown {
  if (isJsonObject(patch)) {
    const old = isJsonObject(before) ? before : {};
    return Object.fromEntries(
      Object.entries(patch).map(([key, inner]) => [key, withoutMasks(inner, old[key], [...path, key])]),
    );
  }
  if (before !== undefined && isDeepStrictEqual(patch, masked(before, path))) return before;
  if (JSON.stringify(patch)?.includes(MASK))
    throw new AppError(
      'config/masked-value',
      'input',
      `${path.join('.')}: *** stands for a secret that is not told: leave this key out, or give the whole value`,
    );
  return patch;
}

function notEditable(): AppError {
  return new AppError(
    'config/not-editable',
    'conflict',
    'the configuration file says this by an alias, a merge key or an empty section: edit it by hand, it applies when saved',
  );
}
