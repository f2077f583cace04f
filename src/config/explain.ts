import type { Document } from 'yaml';
import type { z } from 'zod';
import { nearestName } from './nearest-name.js';
import { offsetOf, pathText, valueText, type KeyPath, type Problem } from './problem.js';
import { configJsonSchema, type JsonSchemaNode } from './schema.js';
import { mayHoldSecret } from './secret-keys.js';

type Issue = z.core.$ZodIssue;

/**
 * Says what each issue of the schema is about: key, value as written (before secrets were put in), what was
 * expected, and the nearest known name for an unknown key.
 *
 * @param written the file's content as plain data, placeholders still in place
 */
export function explainIssues(error: z.ZodError, document: Document, written: unknown): Problem[] {
  const schema = configJsonSchema();
  // A misspelt key is told before the key that is missing for it.
  const isUnknownKey = (issue: Issue) => issue.code === 'unrecognized_keys';
  const issues = [...error.issues].sort((a, b) => Number(isUnknownKey(b)) - Number(isUnknownKey(a)));
  return issues.flatMap((issue) => {
    const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key));
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey(key, path, document, schemaAt(schema, path, written)))
      : [wrongValue(issue, path, document, written, schema)];
  });
}

function unknownKey(
  key: string,
  parent: KeyPath,
  document: Document,
  schema: JsonSchemaNode | undefined,
): Problem {
  const path = [...parent, key];
  const offset = offsetOf(document, path, true);
  const known = Object.keys(schema?.properties ?? {});
  const nearest = nearestName(key, known);
  const cure =
    nearest === undefined
      ? `known here: ${known.join(', ')}`
      : `did you mean ${nearest}? Known here: ${known.join(', ')}`;
  return { code: 'config/unknown-key', offset, text: `${pathText(path)} is not a known key; ${cure}` };
}

function wrongValue(
  issue: Issue,
  path: KeyPath,
  document: Document,
  written: unknown,
  schema: JsonSchemaNode,
): Problem {
  const value = valueAt(written, path);
  const isMissing = issue.code === 'invalid_type' && value === undefined;
  const isBadId = issue.code === 'invalid_key';
  const isHidden = mayHoldSecret(path);
  const subject = isBadId || isHidden ? pathText(path) : `${pathText(path)} = ${valueText(value)}`;
  // What an id must be is said by the map that holds it.
  const meaning = schemaAt(schema, isBadId ? path.slice(0, -1) : path, written)?.description;
  const what = isMissing
    ? `${pathText(path)} is missing`
    : `${subject}: ${isBadId ? `this is not ${path[0] === 'webhooks' ? 'an id' : 'a camera id'}` : lowerFirst(issue.message)}`;
  return {
    code: 'config/invalid-value',
    offset: offsetOf(document, path, isBadId),
    text: meaning === undefined ? what : `${what}. ${meaning}`,
  };
}

/** What the schema says of a place; of several forms, that which the written `type` chooses. */
function schemaAt(root: JsonSchemaNode, path: KeyPath, written: unknown): JsonSchemaNode | undefined {
  const chosen = (node: JsonSchemaNode | undefined, depth: number) => {
    const type = valueAt(written, [...path.slice(0, depth), 'type']);
    return node?.oneOf?.find(({ properties }) => properties?.['type']?.const === type) ?? node;
  };
  const found = path.reduce<JsonSchemaNode | undefined>((parent, key, depth) => {
    const node = chosen(parent, depth);
    if (typeof key === 'number') return node?.items ?? node;
    const { properties, additionalProperties } = node ?? {};
    if (properties !== undefined && Object.hasOwn(properties, key)) return properties[key];
    return typeof additionalProperties === 'object' ? additionalProperties : undefined;
  }, root);
  return chosen(found, path.length);
}

function valueAt(root: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    root,
  );
}

function lowerFirst(text: string): string {
  return text.replace(/^Invalid input: /, '').replace(/^./, (first) => first.toLowerCase());
}
