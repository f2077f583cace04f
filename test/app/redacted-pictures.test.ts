import { describe, expect, it } from '@jest/globals';
import { RedactedPictures, redactionOf } from '../../src/app/redaction.js';
import type { Config } from '../../src/config/index.js';
import { parseConfig } from '../../src/config/parse.js';

const configOf = (redact: string): Config =>
  parseConfig(`cameras:\n  gate: { source: rtsp://a${redact} }\n  yard: { source: rtsp://b, enabled: false, redact: {} }\n`, { file: 'a.yaml', baseDir: '/', env: {} }); // prettier-ignore

function picturesOf() {
  const asked: unknown[] = [];
  let config = configOf(', redact: {}');
  let isAway = false;
  const pictures = new RedactedPictures({
    config: () => config,
    engine: {
      redact: (model, jpeg, wish) => {
        asked.push([model, wish]);
        return isAway
          ? Promise.reject(new Error('away'))
          : Promise.resolve(Buffer.from(`covered ${String(jpeg)}`));
      },
    },
  });
  const configure = (redact: string) => (config = configOf(redact));
  const setAway = (is: boolean) => (isAway = is);
  return { pictures, asked, configure, setAway };
}

describe('redacted pictures', () => {
  it('are made once for all who ask, and again when the picture or what is to be covered is another', async () => {
    const { pictures, asked, configure } = picturesOf();
    const both = await Promise.all([1, 2].map(() => pictures.redact('gate', Buffer.from('a'), [])));
    expect(both.map(String)).toEqual(['covered a', 'covered a']);
    expect(asked).toEqual([['default', { labels: ['person'], fill: 'black', shape: 'box', known: [] }]]);
    await pictures.redact('gate', Buffer.from('b'), []);
    await pictures.redact('gate', Buffer.from('a'), [[0, 0, 1, 1]]);
    configure(', redact: { fill: blur }');
    await pictures.redact('gate', Buffer.from('a'), []);
    expect(asked).toHaveLength(4);
  });

  it('are made again for who asks after a failure, and after many others were asked for', async () => {
    const { pictures, asked, setAway } = picturesOf();
    setAway(true);
    await expect(pictures.redact('gate', Buffer.from('a'), [])).rejects.toThrow('away');
    setAway(false);
    expect(String(await pictures.redact('gate', Buffer.from('a'), []))).toBe('covered a');
    for (let at = 0; at < 64; at++) await pictures.redact('gate', Buffer.from(`other ${at}`), []);
    await pictures.redact('gate', Buffer.from('a'), []);
    expect(asked).toHaveLength(2 + 64 + 1);
  });

  it('are refused where nobody says what to cover', async () => {
    const { pictures, configure, asked } = picturesOf();
    configure('');
    await expect(pictures.redact('gate', Buffer.from('a'), [])).rejects.toMatchObject({
      code: 'engine/cannot-redact',
    });
    await expect(pictures.redact('none', Buffer.from('a'), [])).rejects.toMatchObject({
      code: 'engine/cannot-redact',
    });
    expect(asked).toEqual([]);
  });
});

describe('what is covered', () => {
  it('is nothing without a word, what is configured of a camera that is switched off too, and all of one that is not there', () => {
    const config = configOf('');
    expect(redactionOf(config, 'gate')).toBeUndefined();
    expect(redactionOf(config, 'yard')).toMatchObject({ plainFor: 'admin', labels: ['person'] });
    expect(redactionOf(config, 'gone')).toMatchObject({ plainFor: 'admin', labels: [] });
  });
});
