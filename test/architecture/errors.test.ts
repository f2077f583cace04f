import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { sourceFiles } from './source-files.js';

const CODE = /^[a-z]+\/[a-z0-9-]+$/;
const KINDS = new Set([
  'input',
  'unauthorized',
  'not-found',
  'conflict',
  'timeout',
  'unavailable',
  'internal',
]);

/**
 * Every string in src/ that has the form of an error code and stands where one can: an argument, a property
 * `code`, a constant or a choice between them. Import paths, media types and the like do not count.
 */
function codesInSource(): Map<string, string> {
  const codes = new Map<string, string>();
  for (const { file, tree } of sourceFiles('src')) {
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node) && CODE.test(node.text) && mayBeCode(node)) codes.set(node.text, file);
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return codes;
}

const ROOMS = new Set(
  [
    'base config media models model ingest inference store stages engine live recording server stream',
    'cluster cli evaluation internal access webhooks classifier reading scene',
  ].flatMap((line) => line.split(' ')),
);

function mayBeCode(node: ts.StringLiteralLike): boolean {
  if (!ROOMS.has(node.text.slice(0, node.text.indexOf('/')))) return false;
  return !ts.isImportDeclaration(node.parent) && !ts.isExportDeclaration(node.parent);
}

/** The kinds that each code is created with, as far as both are written out in one place. */
function kindsInSource(): Map<string, Set<string>> {
  const kinds = new Map<string, Set<string>>();
  for (const { tree } of sourceFiles('src')) {
    const visit = (node: ts.Node): void => {
      const [code, kind] = ts.isNewExpression(node) ? (node.arguments ?? []) : [];
      if (code !== undefined && kind !== undefined && ts.isStringLiteral(code) && ts.isStringLiteral(kind)) {
        if (CODE.test(code.text)) kinds.set(code.text, (kinds.get(code.text) ?? new Set()).add(kind.text));
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return kinds;
}

/** Rows `| code | kind | meaning | cure |` of docs/errors.md. */
function documented(): { code: string; kinds: string[]; meaning: string; cure: string }[] {
  return readFileSync('docs/errors.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [code = '', kind = '', meaning = '', cure = ''] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return { code: code.replaceAll('`', ''), kinds: kind.split(', '), meaning, cure };
    });
}

describe('docs/errors.md', () => {
  const inSource = codesInSource();
  const rows = documented();

  it('lists every error code of src/, and no other', () => {
    expect(inSource.size).toBeGreaterThan(20);
    expect(rows.map(({ code }) => code).sort()).toEqual([...inSource.keys()].sort());
  });

  it('gives each a known kind, a meaning and a cure, once', () => {
    expect(rows.filter(({ kinds }) => !kinds.every((kind) => KINDS.has(kind)))).toEqual([]);
    expect(rows.filter(({ meaning, cure }) => meaning === '' || cure === '')).toEqual([]);
    expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length);
  });

  it('gives the kinds that the source gives', () => {
    const kinds = kindsInSource();
    expect(kinds.size).toBeGreaterThan(20);
    const wrong = rows.flatMap((row) =>
      [...(kinds.get(row.code) ?? [])]
        .filter((kind) => !row.kinds.includes(kind))
        .map((kind) => `${row.code} is also of kind ${kind}`),
    );
    expect(wrong).toEqual([]);
  });
});
