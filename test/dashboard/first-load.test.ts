import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const DIST = 'dist/dashboard';
const BYTES_MAX = 200_000;

/** The scripts that a browser needs before it shows anything: the entry of `index.html`, and all that is imported statically from there. */
function scriptsOfFirstLoad(): Map<string, Buffer> {
  const html = readFileSync(path.join(DIST, 'index.html'), 'utf8');
  const names = [...html.matchAll(/<(?:script|link)\b[^>]*(?:src|href)="\.\/([^"]+\.js)"/g)].map(
    ([, name]) => name!,
  );
  const scripts = new Map<string, Buffer>();
  for (const name of names) {
    if (scripts.has(name)) continue;
    const script = readFileSync(path.join(DIST, name));
    scripts.set(name, script);
    for (const [, imported] of script.toString().matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+\.js)["']/g))
      names.push(path.posix.join(path.posix.dirname(name), imported!));
  }
  return scripts;
}

describe('the first load of the dashboard', () => {
  it(`has at most ${BYTES_MAX} bytes of scripts, compressed by gzip, and leaves other pages for later`, () => {
    const scripts = scriptsOfFirstLoad();
    const names = [...scripts.keys()].map((name) => path.basename(name));
    expect(names).toContainEqual(expect.stringMatching(/^index-/));
    expect(names.filter((name) => name.includes('-page-'))).toEqual([]);
    const bytes = [...scripts.values()].reduce((sum, script) => sum + gzipSync(script).length, 0);
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThanOrEqual(BYTES_MAX);
  });
});
