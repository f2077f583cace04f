import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/base/index.js';
import type { Problem, SceneView } from '../../src/server/index.js';
import { post, setUp, signedIn } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

const ADDRESS = '/api/v1/cameras/gate/scene';
const VIEW: SceneView = {
  camera: 'gate',
  lookedAt: '2026-01-01T00:00:00.000Z',
  model: 'street@sha256:0123456789ab',
  ...{ pictures: 6, width: 1920, height: 1080 },
  classes: [{ class: 'road', share: 0.4 }],
  proposals: [{ class: 'road', polygon: [[0, 0.5], [1, 0.5], [1, 1]], share: 0.25, confidence: 0.9 }], // prettier-ignore
};

let under: ServerUnderTest;
let olga: string;
let wishes: { readonly pictures: number; readonly everyMs: number }[];
let last: SceneView | undefined;
beforeEach(async () => {
  under = await ServerUnderTest.open();
  await setUp(under);
  olga = await signedIn(under, 'olga', 'operator');
  wishes = [];
  last = undefined;
  under.scenes = {
    last: () => last,
    look: (_, wish) => {
      wishes.push(wish);
      return Promise.resolve((last = VIEW));
    },
  };
});
afterEach(() => under.tearDown());

const get = (cookie: string, address = ADDRESS) => under.fetch(address, { headers: { cookie } });
const ask = (body: unknown, cookie = olga, address = ADDRESS) => post(under, address, body, { cookie });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as Problem).code];

describe('a camera’s scene', () => {
  it('is looked at when asked, and told again until it is looked at anew', async () => {
    expect(await codeOf(await get(olga))).toEqual([404, 'scene/not-looked']);
    expect(await (await ask({})).json()).toEqual(VIEW);
    expect(await (await get(olga)).json()).toEqual(VIEW);
    await ask({ pictures: 30, everySeconds: 4 });
    expect(wishes).toEqual([{ pictures: 6, everyMs: 1000 }, { pictures: 30, everyMs: 4000 }]); // prettier-ignore
  });

  it.each<[string, unknown]>([
    ['no pictures', { pictures: 0 }],
    ['too many', { pictures: 31 }],
    ['a second that is none', { everySeconds: 0.1 }],
    ['what it does not know', { model: 'other' }],
  ])('is not looked at with %s', async (_, body) => {
    expect(await codeOf(await ask(body))).toEqual([422, 'server/invalid-body']);
    expect(wishes).toEqual([]);
  });

  it('is for operators, of cameras that they may see', async () => {
    const vera = await signedIn(under, 'vera', 'viewer');
    const yara = await signedIn(under, 'yara', 'operator', ['yard']);
    expect(await codeOf(await ask({}, vera))).toEqual([403, 'server/forbidden']);
    expect(await codeOf(await ask({}, yara))).toEqual([404, 'server/no-such-camera']);
    expect(await codeOf(await ask({}, olga, '/api/v1/cameras/none/scene'))).toEqual([404, 'server/no-such-camera']);
    expect(await codeOf(await get(olga, '/api/v1/cameras/none/scene'))).toEqual([404, 'server/no-such-camera']);
    expect(wishes).toEqual([]);
  }); // prettier-ignore

  it('is told to be out of reach while the camera is not live, no model is set, or another is looked at', async () => {
    const refuse = (error: AppError) => (under.scenes = { ...under.scenes, look: () => Promise.reject(error) });
    refuse(new AppError('scene/no-model', 'conflict', 'give it one'));
    expect(await codeOf(await ask({}))).toEqual([409, 'scene/no-model']);
    refuse(new AppError('scene/busy', 'unavailable', 'later'));
    const busy = await ask({});
    expect([busy.headers.get('retry-after'), ...(await codeOf(busy))]).toEqual(['5', 503, 'scene/busy']);
    under.camera = { ...under.camera, state: 'offline' };
    expect(await codeOf(await ask({}))).toEqual([503, 'server/camera-not-live']);
  }); // prettier-ignore

  it('is given up when the one who asked has gone', async () => {
    const given = new Promise<boolean>((resolve) => {
      under.scenes = {
        ...under.scenes,
        look: (_, __, signal) =>
          new Promise((___, reject) => {
            signal.addEventListener('abort', () => {
              resolve(true);
              reject(new AppError('scene/stopped', 'unavailable', 'stopped'));
            });
            leave.abort();
          }),
      };
    });
    const leave = new AbortController();
    const headers = { cookie: olga, origin: under.server.url, 'content-type': 'application/json' };
    await expect(
      under.fetch(ADDRESS, { method: 'POST', body: '{}', headers, signal: leave.signal }),
    ).rejects.toThrow();
    expect(await given).toBe(true);
  });
});
