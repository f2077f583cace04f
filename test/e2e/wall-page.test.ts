import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeFindings } from '../support/axe.js';
import { hasChromium, launchBrowser, openPage, type WatchedPage } from '../support/browser.js';
import { makeClip } from '../support/clips.js';
import { Served } from '../support/served.js';
import { waitFor } from '../support/wait-for.js';

const describeWithChromium = hasChromium ? describe : describe.skip;
const CAMERAS = ['dock', 'gate', 'hevc', 'yard'];

describeWithChromium('the wall in a browser', () => {
  let browser: Browser;
  let served: Served;
  const watched: WatchedPage[] = [];

  beforeAll(async () => {
    const size = { widthPx: 640, heightPx: 360, fps: 10, seconds: 8, container: 'mp4' } as const;
    const [avc, hevc] = await Promise.all([makeClip(size), makeClip({ ...size, codec: 'hevc' })]);
    const line = (id: string, source: string) =>
      `  ${id}: { source: "${source}", analyse: { width: 64, fps: 1 } }\n`;
    // Nobody listens on port 9.
    const cameras = [
      line('dock', 'rtsp://127.0.0.1:9/stream1'),
      line('gate', avc.path),
      line('hevc', hevc.path),
      line('yard', avc.path),
    ];
    [browser, served] = await Promise.all([launchBrowser(), Served.open(cameras.join(''))]);
  }, 150_000);
  afterAll(async () => {
    await browser.close();
    await served.close();
  }, 30_000);
  afterEach(() => Promise.all(watched.splice(0).map(({ page }) => page.context().close())));

  const tile = (page: Page, camera: string) => page.locator(`.tile[data-camera="${camera}"]`);
  const isLive = async (page: Page, camera: string) =>
    (await tile(page, camera).locator('.stage').getAttribute('data-live')) === 'true';
  const until = (what: string, condition: () => Promise<boolean>, timeoutMs = 30_000) =>
    waitFor(condition, { timeoutMs, what });
  const ofTiles = <T>(page: Page, what: string) =>
    page.evaluate<T[]>(`[...document.querySelectorAll('.tile')].map((tile) => ${what})`);
  const shown = (page: Page) => ofTiles<string>(page, 'tile.dataset.camera');
  const focused = (page: Page) =>
    page.evaluate<string | undefined>("document.activeElement.closest('.tile')?.dataset.camera");

  async function openWall(
    options: Parameters<typeof openPage>[1] = { viewport: { width: 1280, height: 760 } },
  ): Promise<WatchedPage> {
    const one = await openPage(browser, options);
    watched.push(one);
    await one.page.goto(served.url);
    await until(
      'the live pictures',
      async () => (await isLive(one.page, 'gate')) && (await isLive(one.page, 'yard')),
    );
    return one;
  }

  it('shows all cameras at once, each with its state, and one that is down with since when and why', async () => {
    const { page, problems } = await openWall();
    expect(await shown(page)).toEqual(CAMERAS);
    for (const camera of ['gate', 'yard']) {
      const before = await page.evaluate<number>(`window.__sightlineOf('${camera}').picturesShown`);
      await until('more pictures', () =>
        page.evaluate<boolean>(`window.__sightlineOf('${camera}').picturesShown > ${before + 10}`),
      );
    }
    expect(await isLive(page, 'dock')).toBe(false);
    expect(await tile(page, 'dock').locator('.stage-notice').innerText()).toMatch(
      /Reconnecting since \d\d:\d\d:\d\d\s+.*cannot be reached/,
    );
    expect(problems).toEqual([]);
  }, 120_000);

  it('shows still pictures of a video that the browser cannot play, and says so', async () => {
    const { page } = await openWall();
    const picture = () =>
      tile(page, 'hevc')
        .locator('canvas')
        .evaluate((canvas) => (canvas as unknown as { toDataURL(): string }).toDataURL());
    await until('the still picture', () => isLive(page, 'hevc'));
    expect(await tile(page, 'hevc').locator('.stage-remarks').innerText()).toContain(
      'This browser cannot play H.265: a still picture each second instead',
    );
    const first = await picture();
    await until('another picture', async () => (await picture()) !== first);
  }, 120_000);

  it('streams only what is on the screen: nothing on a page that is hidden, and fresh pictures when it comes back', async () => {
    const { page } = await openWall();
    const clients = async () => {
      const response = await page.request.get(`${served.url}/api/v1/system`);
      return ((await response.json()) as { clients: number }).clients;
    };
    const turn = (isHidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} }); document.dispatchEvent(new Event('visibilitychange'));`,
      );
    // A feed for each camera whose video can be played, and the event stream.
    await until('all feeds', async () => (await clients()) === CAMERAS.length);
    await turn(true);
    await until('no feed', async () => (await clients()) === 1);
    expect(await isLive(page, 'gate')).toBe(false);
    await turn(false);
    await until('all feeds again', async () => (await clients()) === CAMERAS.length);
    await until('live pictures', () => isLive(page, 'gate'));
    await page.goto(`${served.url}/#/?camera=yard`);
    await until('one feed', async () => (await clients()) === 2);
  }, 120_000);

  it('is used by keyboard: arrows, Enter, full screen and the list of keys', async () => {
    const { page } = await openWall();
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('dock');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('yard');
    const full = () => page.evaluate<string | undefined>('document.fullscreenElement?.className');
    await page.keyboard.press('f');
    await until('full screen of the picture', async () => (await full()) === 'tile');
    await page.keyboard.press('f');
    await until('the page', async () => (await full()) === undefined);
    await page.keyboard.press('Shift+F');
    await until('full screen of the wall', async () => (await full()) === 'wall-space');
    await page.keyboard.press('Shift+F');
    await until('the page again', async () => (await full()) === undefined);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await focused(page)).toBe('yard');
    await page.keyboard.press('Enter');
    await until('the camera’s page', () => Promise.resolve(page.url().endsWith('#/cameras/yard')));
  }, 120_000);

  it('keeps a layout by its name: cameras, their order and columns, in the address and over a reload', async () => {
    const { page } = await openWall();
    await page.getByRole('button', { name: 'New layout' }).click();
    const dialog = page.getByRole('dialog', { name: 'New layout' });
    for (const camera of ['dock', 'hevc']) await dialog.getByLabel(camera, { exact: true }).uncheck();
    await dialog.getByRole('button', { name: 'Move yard up' }).click();
    await dialog.getByLabel('Columns').selectOption('1');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('A layout needs a name.').waitFor();
    await dialog.getByLabel('Name').fill('Way out');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await until('the layout', async () => (await shown(page)).join() === 'yard,gate');
    expect(page.url()).toContain('layout=Way+out');
    const edges = await ofTiles<number>(page, 'tile.offsetLeft');
    expect(new Set(edges).size).toBe(1);

    await page.reload();
    await until('the layout again', async () => (await shown(page)).join() === 'yard,gate');
    await page.keyboard.press('1');
    await until('all cameras', async () => (await shown(page)).join() === CAMERAS.join());
    await page.keyboard.press('2');
    await until('the layout by its number', async () => (await shown(page)).join() === 'yard,gate');
    await page.getByRole('button', { name: 'Edit layout' }).click();
    await page.getByRole('button', { name: 'Delete layout' }).click();
    await until('all cameras', async () => (await shown(page)).join() === CAMERAS.join());
  }, 120_000);

  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds, in the %s',
    async (colorScheme) => {
      const { page } = await openWall({ viewport: { width: 1280, height: 760 }, colorScheme });
      await page.getByText('On the picture').first().click();
      expect(await axeFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'New layout' }).click();
      expect(await axeFindings(page)).toEqual([]);
    },
    60_000,
  );
});
