import { afterAll, describe, expect, it } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import { PictureProcess } from '../../src/classifiers/index.js';
import { featureInputs, decodePicture } from '../../src/classifiers/object-pictures.js';
import { runModel } from '../../src/inference/index.js';
import { classify, UNSURE } from '../../src/models/index.js';
import { examplePicture, plainPicture } from './example-pictures.js';

const pictures = new PictureProcess({ clock: systemClock, log: silentLog });
afterAll(() => pictures.close());
const classes = ['red', 'blue'] as const;

async function trained() {
  const examples = [];
  for (const [label, colour] of classes.entries())
    for (let i = 0; i < 8; i++)
      examples.push({
        jpeg: await examplePicture(colour, i),
        label,
        clip: `day ${i % 4}`,
        track: `${colour}${i}`,
      });
  return pictures.ask('train', examples, { classes, unsureBelow: 0.7, leastEach: 5 });
}
const training = trained();

describe('a classifier trained on eight pictures of each of two colours', () => {
  it('knows further ones, and says so of those that it had not seen', async () => {
    const { head, report } = await training;
    expect(report.validation).toMatchObject({ by: 'clip', accuracy: 1 });
    for (const colour of classes) {
      const { features, version } = await pictures.ask('features', await examplePicture(colour, 13));
      expect(version).toBe(head.features);
      expect(classify(head, features, 0.7).value).toBe(colour);
    }
  });

  it.each([
    ['one pixel', () => plainPicture(1, 1, '#808080')],
    ['all black', () => plainPicture(64, 64, '#000000')],
    ['all white', () => plainPicture(300, 20, '#ffffff')],
  ])('answers a picture that is %s, and is unsure of it', async (_name, picture) => {
    const { features } = await pictures.ask('features', await picture());
    expect([...features].every(Number.isFinite)).toBe(true);
    expect(classify((await training).head, features, 0.7).value).toBe(UNSURE);
  });

  it('as an ONNX file says the same as the server', async () => {
    const { head } = await training;
    const model = await pictures.ask('toOnnx', head, { name: 'colour', version: 3, unsureBelow: 0.7 });
    for (const colour of classes) {
      const jpeg = await examplePicture(colour, 11);
      const { boxed, stretched } = await featureInputs(await decodePicture(jpeg));
      const dims = [1, 3, 64, 64];
      const [outputs] = await runModel(model, [
        {
          crop: { type: 'float32', dims, data: boxed },
          stretched: { type: 'float32', dims, data: stretched },
        },
      ]);
      const { features } = await pictures.ask('features', jpeg);
      const { probabilities } = classify(head, features, 0.7);
      const made = outputs!['probabilities']!;
      expect(made.dims).toEqual([1, 2]);
      probabilities.forEach((value, at) => expect(made.data[at]).toBeCloseTo(value, 4));
    }
  });

  it('of another version of the features cannot be exported', async () => {
    const head = { ...(await training).head, features: 'older' };
    await expect(
      pictures.ask('toOnnx', head, { name: 'a', version: 1, unsureBelow: 0 }),
    ).rejects.toMatchObject({ code: 'classifier/outdated', kind: 'conflict' });
  });
});

describe('the process', () => {
  it.each([
    ['no picture', Buffer.from('not a picture')],
    ['nothing', Buffer.alloc(0)],
    ['a bomb', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="40000" height="40000"/>')],
  ])('refuses %s, and goes on', async (_name, bytes) => {
    await expect(pictures.ask('keep', bytes)).rejects.toMatchObject({ code: 'classifier/bad-picture' });
  });

  it('embeds a picture as a unit vector, unless it is too small', async () => {
    const { embedding } = await pictures.ask('embed', await examplePicture('red', 1));
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
    await expect(pictures.ask('embed', await plainPicture(4, 40, '#888'))).rejects.toMatchObject({
      code: 'classifier/bad-picture',
    });
  });

  it('is started anew after it died, and asks nothing more once it is closed', async () => {
    const own = new PictureProcess({ clock: systemClock, log: silentLog });
    await own.ask('keep', await plainPicture(9, 9, '#123456'));
    const dying = own.ask('keep', await plainPicture(9, 9, '#123456'));
    process.kill(own.pid!, 'SIGKILL');
    await expect(dying).rejects.toMatchObject({ code: 'classifier/process-died' });
    expect((await own.ask('keep', await plainPicture(9, 9, '#123456'))).length).toBeGreaterThan(100);
    await own.close();
    await own.close();
    await expect(own.ask('keep', Buffer.alloc(1))).rejects.toMatchObject({ code: 'classifier/closed' });
  });
});
