import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Put together here, so that this file does not find itself. */
const absolute = (folder: string) => new RegExp(`(^|[\\s"'\`(=:])/${folder}/[\\w.-]`, 'm');
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['the home of a root user', absolute('root')],
  ['the home of a user', absolute('home')],
  ['the home of a macOS user', absolute('Users')],
  ['a workplace folder', absolute('work')],
  ['a package registry', new RegExp(['registry', 'npmjs', 'org'].join('\\.'))],
  ['a private address of a registry', new RegExp(`"${'resolved'}":`)],
  ['a private key', new RegExp(`-----BEGIN [A-Z ]*PRIVATE ${'KEY'}-----`)],
];

/** The files that git would commit: tracked, or new and not ignored. */
function committedFiles(): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  })
    .split('\0')
    .filter((file) => file !== '' && existsSync(file));
}

const isRepository = existsSync('.git');
const describeInRepository = isRepository ? describe : describe.skip;

describeInRepository('the files of the repository', () => {
  const texts = (isRepository ? committedFiles() : [])
    .map((file) => ({ file, bytes: readFileSync(file) }))
    .filter(({ bytes }) => !bytes.subarray(0, 8000).includes(0))
    .map(({ file, bytes }) => ({ file, text: bytes.toString('utf8') }));

  it.each(FORBIDDEN)('do not name %s', (_, pattern) => {
    expect(texts.length).toBeGreaterThan(50);
    const hits = texts.flatMap(({ file, text }) => {
      const line = text.split('\n').findIndex((one) => pattern.test(one));
      return line < 0 ? [] : [`${file}:${line + 1}`];
    });
    expect(hits).toEqual([]);
  });

  it('weigh less than 20 MB together, and none more than 10 MB', () => {
    const sizes = committedFiles().map((file) => ({ file, bytes: readFileSync(file).length }));
    expect(sizes.filter(({ bytes }) => bytes > 10e6)).toEqual([]);
    expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(20e6);
  });
});
