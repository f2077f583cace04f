import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = 'dashboard/src';

/** The classes that a stylesheet says of alone what they look like: not with others, and not only for narrow windows and the like. */
function classesOf(file: string): string[] {
  const css = readFileSync(path.join(FOLDER, file), 'utf8').replace(/\/\*[^]*?\*\//g, '');
  // What is indented stands in an at-rule, as Prettier has it.
  const selectors = [...css.matchAll(/^[^\s@}][^{]*(?=\{)/gm)].flatMap(([list]) => list.split(','));
  return selectors.flatMap((one) => /^\.[\w-]+$/.exec(one.trim())?.[0] ?? []);
}

describe('the stylesheets of the dashboard', () => {
  it('have no class in common: one that was fetched for a page stays when another is gone to', () => {
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.css'),
    );
    const homes = new Map<string, Set<string>>();
    for (const file of files)
      for (const name of classesOf(file)) homes.set(name, (homes.get(name) ?? new Set()).add(file));
    expect(homes.size).toBeGreaterThan(100);
    expect([...homes].filter(([, { size }]) => size > 1).map(([name, at]) => [name, ...at])).toEqual([]);
  });
});
