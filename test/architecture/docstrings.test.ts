import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { sourceFiles, type SourceFile } from './source-files.js';

const files = sourceFiles('src');

/** The exported declarations of a file, each once by name (overloads share a docstring), with where it stands. */
function exportsOf({ file, tree }: SourceFile): { place: string; isDocumented: boolean }[] {
  const byName = new Map<string, { place: string; isDocumented: boolean }>();
  for (const statement of tree.statements) {
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) continue;
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name }) => name.getText(tree))
      : 'name' in statement && statement.name !== undefined
        ? [(statement.name as ts.Node).getText(tree)]
        : ['default'];
    const isDocumented = ts.getJSDocCommentsAndTags(statement).some(ts.isJSDoc);
    const { line } = tree.getLineAndCharacterOfPosition(statement.getStart(tree));
    for (const name of names) {
      const earlier = byName.get(name)?.isDocumented ?? false;
      byName.set(name, { place: `${file}:${line + 1} ${name}`, isDocumented: isDocumented || earlier });
    }
  }
  return [...byName.values()];
}

describe('the docstrings of src/', () => {
  it('are on every export', () => {
    const all = files.flatMap(exportsOf);
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter(({ isDocumented }) => !isDocumented).map(({ place }) => place)).toEqual([]);
  });
});
