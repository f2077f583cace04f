import { describe, expect, it } from '@jest/globals';
import { redact } from '../../src/base/index.js';
import { masked } from '../../src/config/masked.js';
import { parseConfig } from '../../src/config/parse.js';
import { refuseFileOnly } from '../../src/config/file-only.js';

const parse = (data: string, env: Record<string, string> = {}) =>
  parseConfig(`cameras: {}\ndata: ${data}\n`, { file: 'sightline.yaml', baseDir: '/etc', env });

describe('data.postgres', () => {
  it('is an address with its password from the environment, which may hold any character', () => {
    const { data } = parse('{ postgres: "postgres://sightline:${DB_PASSWORD}@db.example/sightline" }', {
      DB_PASSWORD: 'p@ss/word-of-it',
    });
    expect(data.postgresUrl).toBe('postgres://sightline:p%40ss%2Fword-of-it@db.example/sightline');
    expect(redact('p@ss/word-of-it')).toBe('***');
    expect(
      parse('{ postgres: "${WHOLE}" }', { WHOLE: 'postgresql:///db?host=/run/postgresql' }).data.postgresUrl,
    ).toBe('postgresql:///db?host=/run/postgresql');
    expect('postgresUrl' in parse('{}').data).toBe(false);
  });

  it('is refused where it is not one, without being quoted', () => {
    const refusal = (text: string) => {
      try {
        parse(text);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    for (const text of ['mysql://u:hidden-word@a/b', 'u:hidden-word@a', 'postgres://u:hidden-word @a']) {
      expect(refusal(`{ postgres: "${text}" }`)).toMatch(/data\.postgres.*expected a URL such as postgres:/);
      expect(refusal(`{ postgres: "${text}" }`)).not.toContain('hidden-word');
    }
    expect(refusal('{ postgres: { url: "postgres://u:hidden-word@a/b" } }')).not.toMatch(/hidden-word|^$/);
  });

  it('is never shown, and set in the file alone', () => {
    const shown = masked({ data: { dir: 'd', postgres: 'postgres://u:hidden-word@db.example/x' } });
    expect(shown).toEqual({ data: { dir: 'd', postgres: '***' } });
    expect(() => refuseFileOnly(['data', 'postgres'], 'postgres://elsewhere/')).toThrow(/configuration file/);
  });
});
