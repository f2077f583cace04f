import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { silentLog } from '../../src/base/index.js';
import { SceneDesk, type SceneCamera } from '../../src/app/scene-desk.js';
import type { Config } from '../../src/config/index.js';
import { streetModel } from '../models/scene/street-model.js';
import { FakeClock } from '../support/fake-clock.js';
import { waitFor } from '../support/wait-for.js';

/** Processes that load the runtime, on a busy machine. */
jest.setTimeout(120_000);

const code = (value: string) => expect.objectContaining({ code: value });
const never = new AbortController().signal;
let folder: string;
let model: NonNullable<Config['scene']>['model'];
let picture: Buffer;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sightline-scene-'));
  const file = path.join(folder, 'street.onnx');
  writeFileSync(file, streetModel());
  model = { path: file };
  picture = await sharp({ create: { width: 640, height: 360, channels: 3, background: '#666' } })
    .jpeg()
    .toBuffer();
});
afterAll(() => rmSync(folder, { recursive: true }));

class Gate implements SceneCamera {
  taken = 0;
  snapshots = { take: () => Promise.resolve((this.taken++, picture)) };
  view = () => ({ id: 'gate', width: 1920, height: 1080 }) as never;
}

function desk(scene: Config['scene'] = { model }, env: Record<string, string> = {}) {
  const clock = new FakeClock();
  const gate = new Gate();
  const cameras = new Map<string, SceneCamera>([['gate', gate]]);
  return {
    ...{ clock, gate, cameras },
    desk: new SceneDesk({ cameras, config: () => (scene === undefined ? {} : { scene }), env, clock, log: silentLog }), // prettier-ignore
  };
}
/** Moves the clock whenever the desk waits for the time of its next picture. */
async function passing<T>(clock: FakeClock, asked: Promise<T>): Promise<T> {
  // The limit of the process, 120 s, is not to be reached.
  const endMs = clock.monotonicMs() + 20_000;
  let isOver = false;
  void asked.catch(() => undefined).finally(() => (isOver = true));
  await waitFor(
    () => {
      if (!isOver && clock.pendingTimers > 0 && clock.monotonicMs() < endMs) clock.advance(1000);
      return isOver || undefined;
    },
    { timeoutMs: 60_000, what: 'the look' },
  );
  return asked;
}

describe('the desk of scenes', () => {
  it('takes as many pictures as are wished for, looks at them, and keeps what it saw', async () => {
    const { desk: one, clock, gate } = desk();
    expect(one.last('gate')).toBeUndefined();
    const view = await passing(clock, one.look('gate', { pictures: 3, everyMs: 1000 }, never)!);
    expect([gate.taken, clock.monotonicMs() >= 2000]).toEqual([3, true]);
    expect(view).toMatchObject({ camera: 'gate', pictures: 3, width: 1920, height: 1080, model: expect.stringMatching(/^street@/) }); // prettier-ignore
    expect(view.proposals).toMatchObject([{ class: 'road', share: 1 }]);
    expect(one.last('gate')).toEqual(view);
    await one.close();
  });

  it('forgets what a camera showed before it began anew', async () => {
    const { desk: one, clock, cameras } = desk();
    await passing(clock, one.look('gate', { pictures: 1, everyMs: 1000 }, never)!);
    cameras.set('gate', new Gate());
    expect(one.last('gate')).toBeUndefined();
    await one.close();
  });

  it('looks at one scene at a time', async () => {
    const { desk: one, clock } = desk();
    const first = one.look('gate', { pictures: 1, everyMs: 1000 }, never)!;
    await expect(one.look('gate', { pictures: 1, everyMs: 1000 }, never)).rejects.toEqual(code('scene/busy'));
    await passing(clock, first);
    await expect(passing(clock, one.look('gate', { pictures: 1, everyMs: 1000 }, never)!)).resolves.toMatchObject({ camera: 'gate' }); // prettier-ignore
    await one.close();
  });

  it('says how to get a model where none is set, and what is wrong with one that cannot be used', async () => {
    const refusal = (scene: Config['scene'], env = {}) => {
      const { desk: one, clock } = desk(scene, env);
      return passing(clock, one.look('gate', { pictures: 1, everyMs: 1000 }, never)!);
    };
    const absent = desk();
    expect(absent.desk.look('none', { pictures: 1, everyMs: 1000 }, never)).toBeUndefined();
    const bare = new SceneDesk({ ...desk(), config: () => ({}), env: {}, log: silentLog });
    await expect(bare.look('gate', { pictures: 1, everyMs: 1000 }, never)).rejects.toMatchObject({
      code: 'scene/no-model',
      message: expect.stringMatching(/scene: \{ model: .*models list --task scene/),
    });
    const empty = { SIGHTLINE_CACHE_DIR: folder };
    await expect(refusal({ model: { catalogueName: 'road-segmentation-adas-0001' } }, empty)).rejects.toMatchObject({
      code: 'scene/model-unusable',
      kind: 'unavailable',
      message: expect.stringMatching(/^scene\.model cannot be used: .*sightline models pull/),
    }); // prettier-ignore
    await expect(refusal({ model: { catalogueName: 'yolox-nano' } }, empty)).rejects.toEqual(code('scene/model-unusable')); // prettier-ignore
    await expect(refusal({ model: { path: `${folder}/none.onnx` } })).rejects.toEqual(code('scene/model-unusable')); // prettier-ignore
  });

  it('ends what is under way when it is closed', async () => {
    const { desk: one } = desk();
    const asked = one.look('gate', { pictures: 30, everyMs: 1000 }, never)!;
    const ended = expect(asked).rejects.toEqual(code('scene/stopped'));
    await one.close();
    await ended;
  });
});
