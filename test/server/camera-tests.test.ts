import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CameraTestView, Problem } from '../../src/server/index.js';
import { canaryAuth, canaryFormsIn } from '../support/canary.js';
import { waitFor } from '../support/wait-for.js';
import { post, setUp, signedIn } from './signed-in.js';
import { ServerUnderTest } from './server-under-test.js';

const ADDRESS = '/api/v1/cameras/test';
const SOURCE = `rtsp://${canaryAuth.user}:${encodeURIComponent(canaryAuth.password)}@gate.lan/1`;

let under: ServerUnderTest;
let ada: string;
let tried: string[];
beforeEach(async () => {
  under = await ServerUnderTest.open();
  ada = await setUp(under);
  tried = [];
  under.trySource = (source) => {
    tried.push(source);
    return Promise.resolve({
      ...{ state: 'live', codec: 'avc1.64001e', width: 640, height: 360, fps: 25, transcoded: false },
      firstPictureMs: 420,
      picture: Buffer.from(`picture ${tried.length}`),
    });
  };
});
afterEach(() => under.tearDown());

const ask = (source: string, cookie = ada) => post(under, ADDRESS, { source }, { cookie });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as Problem).code];

describe('POST /api/v1/cameras/test', () => {
  it('tells what a camera would show, and where its picture is', async () => {
    const { picture, ...seen } = (await (await ask('rtsp://gate.lan/1')).json()) as CameraTestView;
    expect(seen).toEqual({ source: 'rtsp://gate.lan/1', state: 'live', codec: 'avc1.64001e', width: 640, height: 360, fps: 25, transcoded: false, firstPictureMs: 420 }); // prettier-ignore
    const jpeg = await under.fetch(picture!, { headers: { cookie: ada } });
    expect([jpeg.headers.get('content-type'), jpeg.headers.get('cache-control'), await jpeg.text()]).toEqual(['image/jpeg', 'no-store', 'picture 1']); // prettier-ignore
  });

  it('tells the reason where nothing comes, as an answer and no error', async () => {
    under.trySource = () =>
      Promise.resolve({ state: 'auth_failed', reason: 'gate.lan refuses user or password' });
    const response = await ask('rtsp://gate.lan/1');
    expect([response.status, await response.json()]).toEqual([200, { source: 'rtsp://gate.lan/1', state: 'auth_failed', reason: 'gate.lan refuses user or password' }]); // prettier-ignore
  });

  it('L1: tries with the password as it is, and tells it to nobody, nor to the audit log', async () => {
    const answer = await (await ask(SOURCE)).text();
    expect(tried).toEqual([SOURCE]);
    expect(answer).toContain('rtsp://viewer:***@gate.lan/1');
    const audit = await waitFor(
      async () => {
        const text = await (await under.fetch('/api/v1/audit', { headers: { cookie: ada } })).text();
        return text.includes('camera.test') ? text : undefined;
      },
      { timeoutMs: 20_000, what: 'the audit entry' },
    );
    expect(audit).toContain('rtsp://viewer:***@gate.lan/1');
    expect(canaryFormsIn(answer + audit)).toEqual([]);
  });

  it.each([
    ['a file', '/etc/passwd', 403, 'config/file-only'],
    ['a device', '/dev/video0', 403, 'config/file-only'],
    ['another scheme', 'gopher://gate.lan/', 403, 'config/file-only'],
    ['a variable of the environment', 'rtsp://${HOME}@gate.lan/1', 403, 'config/file-only'],
    ['a metadata service', 'http://169.254.169.254/latest', 403, 'config/file-only'],
    ['the same in another form', 'http://2852039166/latest', 403, 'config/file-only'],
    ['a multicast group', 'rtsp://239.1.1.1/1', 403, 'config/file-only'],
    ['what is no whole address', 'udp://gate.lan', 400, 'ingest/source-invalid'],
    ['a line break', 'rtsp://gate.lan/1\n-i', 400, 'ingest/source-invalid'],
  ])('U1, U2, U3: tries %s never', async (_what, source, status, code) => {
    expect(await codeOf(await ask(source))).toEqual([status, code]);
    expect(tried).toEqual([]);
  });

  it('U12: is for administrators, ten times a minute', async () => {
    expect(await codeOf(await ask(SOURCE, await signedIn(under, 'olga', 'operator')))).toEqual([403, 'server/forbidden']); // prettier-ignore
    const answers = [];
    for (let n = 0; n < 11; n++) answers.push(await ask(`rtsp://gate.lan/${n}`));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(200), 429]);
    expect(answers[10]!.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(tried).toHaveLength(10);
    // Of all these the four newest pictures are kept.
    const views = await Promise.all(answers.slice(0, 10).map((answer) => answer.json() as Promise<CameraTestView>)); // prettier-ignore
    const pictures = await Promise.all(views.map(({ picture }) => under.fetch(picture!, { headers: { cookie: ada } }))); // prettier-ignore
    expect(pictures.map(({ status }) => status)).toEqual([...Array<number>(6).fill(404), ...Array<number>(4).fill(200)]); // prettier-ignore
  });

  it('tries two at a time, and stops for who goes away', async () => {
    const signals: AbortSignal[] = [];
    under.trySource = (_source, signal) => {
      signals.push(signal);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ state: 'connecting', reason: '' }))); // prettier-ignore
    };
    const gone = new AbortController();
    const init = (signal: AbortSignal) => ({
      ...{ method: 'POST', signal, body: JSON.stringify({ source: 'rtsp://gate.lan/1' }) },
      headers: { 'content-type': 'application/json', origin: under.server.url, cookie: ada },
    });
    const waiting = [0, 1].map(() => under.fetch(ADDRESS, init(gone.signal)).catch(() => undefined));
    await waitFor(() => signals.length === 2, { timeoutMs: 20_000, what: 'two trials' });
    expect(await codeOf(await ask('rtsp://gate.lan/3'))).toEqual([429, 'server/too-many-camera-tests']);
    gone.abort();
    await Promise.all(waiting);
    await waitFor(() => signals.every(({ aborted }) => aborted), {
      timeoutMs: 20_000,
      what: 'the end of both',
    });
  });
});
