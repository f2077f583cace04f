import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { SightlineDebug } from '../../dashboard/src/debug.js';
import type { CameraList, CameraView } from '../../src/server/index.js';
import { findFfmpeg } from '../../src/media/index.js';
import { axeFindings } from '../support/axe.js';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';
import { ChaosProxy } from '../support/chaosproxy.js';
import { runFfmpeg } from '../support/run-ffmpeg.js';
import { ServedDemo } from '../support/served-demo.js';
import { waitFor } from '../support/wait-for.js';

const PASSWORD = 'lamp otter quartz seven';
const CLIP = 'streams/demo.mp4';
/** Seconds on a machine that has nothing else to do. */
const ANALYSIS_MAX_MS = 240_000;
const describeWithDemo = hasChromium && existsSync(CLIP) ? describe : describe.skip;

/** What a browser says of pages that are left while they ask, and of a server that is not ready. */
const EXPECTED =
  /WebSocket is closed before the connection is established|net::ERR_ABORTED|status of (404|422|503)/;

/** One after the other: a browser with a webcam that shows the street of the demo, from the first page on. */
describeWithDemo('the webcam of the device that the dashboard is looked at on', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'sightline-webcam-'));
  let browser: Browser;
  let demo: ServedDemo;
  let proxy: ChaosProxy;
  let url: string;
  let page: Page;
  let problems: string[];
  beforeAll(async () => {
    demo = new ServedDemo();
    const seen = path.join(dir, 'seen.mjpeg');
    const { path: ffmpeg } = await findFfmpeg({});
    await runFfmpeg(
      ffmpeg,
      ['-i', CLIP, '-t', '10', '-vf', 'scale=640:360,fps=15', '-c:v', 'mjpeg', '-q:v', '4', seen],
      { timeoutMs: 60_000 },
    );
    browser = await launchBrowser([
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${seen}`,
    ]);
    await demo.listening();
    proxy = await ChaosProxy.open({ port: Number(new URL(demo.url).port) });
    url = proxy.through(demo.url);
    ({ page, problems } = await openPage(browser, { viewport: { width: 1280, height: 800 } }));
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await proxy.close();
    await demo.close();
    rmSync(dir, { recursive: true, force: true });
  }, 30_000);

  const line = () => page.getByRole('complementary', { name: 'This device’s webcam' });
  const debugOf = () =>
    page.evaluate<SightlineDebug | undefined>('window.__sightline && { ...window.__sightline }');
  async function untilBoxes(): Promise<void> {
    await waitFor(
      async () => {
        const now = await debugOf();
        return now?.camera === 'desk' && (now.choice?.objects.length ?? 0) > 0;
      },
      { timeoutMs: ANALYSIS_MAX_MS, what: 'boxes on its picture' },
    );
    await waitFor(async () => (await page.locator('.stage[data-live=true]').count()) === 1, {
      timeoutMs: 60_000,
      what: 'a picture that is live',
    });
  }
  async function desk(): Promise<CameraView | undefined> {
    const text = await page.evaluate<string>("fetch('/api/v1/cameras').then((answer) => answer.text())");
    return (JSON.parse(text) as CameraList).cameras.find(({ id }) => id === 'desk');
  }
  const untilState = (state: string) =>
    waitFor(async () => (await desk())?.state === state, { timeoutMs: 60_000, what: `state ${state}` });

  it('is a camera with boxes in three steps', async () => {
    await page.goto(url);
    await page.getByRole('button', { name: 'Set up access' }).click();
    await page.getByLabel('Setup code').fill(demo.setupCode);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Password again').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'This device’s webcam' }).click();
    await page.getByLabel('What the webcam shows').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    // One of a name that is taken is refused at the form, and the webcam stays.
    await page.getByRole('textbox', { name: 'Name' }).fill('demo');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByRole('alert').getByText('There is a camera demo already').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('desk');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await untilBoxes();
    expect(await desk()).toMatchObject({ state: 'live', transcoded: false, width: 640, height: 360 });
    expect(readFileSync(path.join(demo.dir, 'sightline.yaml'), 'utf8')).toMatch(
      /desk:\n\s+source: webcam:[0-9a-f-]{36}/,
    );
    expect(await axeFindings(page)).toEqual([]);
  }, 400_000);

  it('is sent on wherever one goes in the dashboard, and after the page is loaded anew', async () => {
    await page.goto(`${url}/#/events`);
    await line().getByText('This device’s webcam is sent as desk.').waitFor();
    expect((await desk())?.state).toBe('live');
    await page.reload();
    await line().getByText('This device’s webcam is sent as desk.').waitFor();
    await untilState('live');
    expect(problems.filter((problem) => !EXPECTED.test(problem))).toEqual([]);
  }, 120_000);

  it.each(['rst', 'blackhole'] as const)(
    'comes back by itself from an outage of the network: %s',
    async (kind) => {
      proxy.set({ kind });
      await line().getByText('is to be sent as desk').waitFor();
      proxy.set({ kind: 'pass' });
      await line().getByText('is sent as desk').waitFor();
      await untilState('live');
    },
    120_000,
  );

  it('begins anew where too much of it waits in the browser', async () => {
    await page.evaluate(`{
      const own = Object.getOwnPropertyDescriptor(WebSocket.prototype, 'bufferedAmount');
      Object.defineProperty(WebSocket.prototype, 'bufferedAmount', { get: () => 2 ** 21, configurable: true });
      window.drain = () => Object.defineProperty(WebSocket.prototype, 'bufferedAmount', own);
    }`);
    await line().getByText('is to be sent as desk').waitFor();
    await page.evaluate('window.drain()');
    await line().getByText('is sent as desk').waitFor();
    await untilState('live');
  }, 120_000);

  it('leaves a camera that says why it has no picture when its page is closed, and comes back by one button', async () => {
    const context = page.context();
    await page.close();
    page = await context.newPage();
    await page.goto(`${url}/#/cameras/desk`);
    await untilState('waiting');
    expect((await desk())?.reason).toBe(
      'waits for the browser that has the webcam: open #/cameras/desk of the dashboard there',
    );
    await page.getByText('Waits for a webcam').first().waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await line().getByRole('button', { name: 'Send this device’s webcam as desk' }).click();
    await line().getByText('This device’s webcam is sent as desk.').waitFor();
    await untilBoxes();
  }, 400_000);

  it('is refused from a second tab, which says so, while the first sends on', async () => {
    const other = await page.context().newPage();
    await other.goto(`${url}/#/cameras/desk`);
    await other.locator('#main').waitFor();
    const code = await other.evaluate<number>(
      `new Promise((resolve) => {
        const socket = new WebSocket(location.origin.replace('http', 'ws') + '/api/v1/cameras/desk/push');
        socket.onclose = ({ code }) => resolve(code);
      })`,
    );
    expect(code).toBe(4409);
    await other.close();
    expect((await desk())?.state).toBe('live');
  }, 60_000);

  it('is encoded anew where the browser has no H.264', async () => {
    await line().getByRole('button', { name: 'Stop' }).click();
    await page.evaluate("MediaRecorder.isTypeSupported = (type) => type.includes('vp8')");
    await line().getByRole('button', { name: 'Send this device’s webcam as desk' }).click();
    await waitFor(async () => (await desk())?.transcoded === true && (await desk())?.state === 'live', {
      timeoutMs: 60_000,
      what: 'a picture that is encoded anew',
    });
    await untilBoxes();
  }, 400_000);

  it('is given back at Stop, and not sent again by a reload', async () => {
    await line().getByRole('button', { name: 'Stop' }).click();
    await untilState('waiting');
    await page.reload();
    await line().getByText('desk waits for its webcam.').waitFor();
    expect((await desk())?.state).toBe('waiting');
  }, 120_000);

  it('is asked for again where there is none, or the browser was told not to give it', async () => {
    for (const [switches, words] of [
      [[], 'No webcam was found'],
      [['--use-fake-device-for-media-stream'], 'The browser was told not to give the webcam'],
    ] as const) {
      const other = await launchBrowser(switches);
      const { page: start } = await openPage(other);
      await start.goto(demo.url);
      await start.getByLabel('Name').fill('ada');
      await start.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await start.keyboard.press('Enter');
      await start.getByRole('button', { name: 'Sign out' }).waitFor();
      await start.goto(`${demo.url}/#/start`);
      await start.getByRole('button', { name: 'This device’s webcam' }).click();
      await start.getByRole('alert').getByText(words).waitFor();
      await start.getByRole('button', { name: 'Ask again' }).waitFor();
      expect(await axeFindings(start)).toEqual([]);
      // As on a page over plain http of another machine, and in a browser that records nothing.
      for (const [lack, said] of [
        ["Object.defineProperty(window, 'MediaRecorder', { value: undefined })", 'cannot send its webcam'],
        [
          "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })",
          'over https or on localhost',
        ],
      ] as const) {
        await start.evaluate(lack);
        await start.getByRole('button', { name: 'Ask again' }).click();
        await start.getByRole('alert').getByText(said).waitFor();
      }
      await other.close();
    }
  }, 120_000);

  it('is not sent once one has signed out', async () => {
    await line().getByRole('button', { name: 'Send this device’s webcam as desk' }).click();
    await untilState('live');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate<string | null>("sessionStorage.getItem('sightline.webcam')")).toBeNull();
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await untilState('waiting');
  }, 120_000);
});
