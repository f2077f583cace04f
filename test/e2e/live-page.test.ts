import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { SightlineDebug } from '../../dashboard/src/debug.js';
import { percentile } from '../../dashboard/src/live/percentile.js';
import { hasChromium, launchBrowser, openPage, type WatchedPage } from '../support/browser.js';
import { SQUARE_PICTURE, squareAt } from '../support/fmp4-source.js';
import { waitFor } from '../support/wait-for.js';
import { samplePictures, type Edges } from './in-page.js';
import { SquareServer } from './square-server.js';

const FRAME_MS = 1000 / SQUARE_PICTURE.fps;
/** In one frame the square goes 4.8 px to the side and 2.7 px up or down: this is far below a frame. */
const ASIDE_MAX_PX = 1.5;
const describeWithChromium = hasChromium ? describe : describe.skip;

let browser: Browser;
let server: SquareServer;

/** The page with the video running and boxes on it. */
async function openLivePage(options: Parameters<typeof openPage>[1] = {}): Promise<WatchedPage> {
  const watched = await openPage(browser, options);
  await watched.page.goto(`${server.url}/#/?camera=square`);
  await waitFor(async () => (await debugOf(watched.page)).picturesWithKnownBoxes > 10, {
    timeoutMs: 30_000,
    what: 'pictures with boxes',
  });
  return watched;
}

const rowOf = (page: Page, camera: string) => page.locator('.cameras').getByRole('button', { name: camera });
const debugOf = (page: Page) => page.evaluate<SightlineDebug>('({ ...window.__sightline })');
const centreOf = ({ x1, x2 }: Edges) => (x1 + x2) / 2;
const noticeOf = (page: Page) => page.locator('.stage-notice').innerText();
const isLive = async (page: Page) => (await page.locator('.stage').getAttribute('data-live')) === 'true';
/** The next hundred pictures, and of those with a box how far it lies beside the square. */
async function boxesBesideSquares(page: Page) {
  // Nothing is painted while the boxes of a picture are not known.
  const samples = (await page.evaluate(samplePictures, 100)).filter(({ square }) => square !== undefined);
  const pairs = samples.flatMap(({ square, box, mediaTimeMs }) =>
    square === undefined || box === undefined ? [] : [{ square, box, mediaTimeMs }],
  );
  // The box's line hides the square's rim, on both sides alike, but at the bottom it sets the edges apart.
  const asides = pairs.map(({ square, box }) => Math.abs(centreOf(square) - centreOf(box)));
  return { samples, pairs, asideP95Px: percentile(asides, 0.95) ?? Infinity };
}
const until = (what: string, condition: () => Promise<boolean>, timeoutMs = 20_000) =>
  waitFor(condition, { timeoutMs, what });

describeWithChromium('the live page in a browser', () => {
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), SquareServer.open()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  const watched: WatchedPage[] = [];
  const open = async (options: Parameters<typeof openPage>[1] = {}) => {
    const one = await openLivePage(options);
    watched.push(one);
    return one;
  };
  beforeEach(() => server.source.resume());
  afterEach(() => Promise.all(watched.splice(0).map(({ page }) => page.context().close())));

  it.each([
    ['a picture with bars at its sides', { viewport: { width: 1280, height: 600 } }],
    ['a phone with two dots a pixel', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }],
  ])(
    'paints each box where the square is in the very picture that is on the screen: %s',
    async (_, options) => {
      const { page } = await open(options);
      // A machine that is busy for a moment tells a page of a picture when the next one is shown already: once more, then.
      let { samples, pairs, asideP95Px } = await boxesBesideSquares(page);
      for (let again = 0; again < 3 && asideP95Px >= ASIDE_MAX_PX; again++)
        ({ samples, pairs, asideP95Px } = await boxesBesideSquares(page));
      expect(pairs.length).toBeGreaterThan(80);
      expect(asideP95Px).toBeLessThan(ASIDE_MAX_PX);
      const belows = pairs.map(({ square, box }) => box.y2 - square.y2);
      const usual = percentile(belows, 0.5)!;
      expect(usual).toBeLessThan(6);
      expect(
        percentile(
          belows.map((below) => Math.abs(below - usual)),
          0.95,
        ),
      ).toBeLessThan(ASIDE_MAX_PX);

      // The square was found where it truly is, and it has moved.
      const besideTruth = pairs.map(({ mediaTimeMs, square }) => {
        const [x1, , x2, y2] = squareAt(mediaTimeMs);
        return Math.abs(square.x1 - x1) + Math.abs(square.x2 - x2) + Math.abs(square.y2 - y2);
      });
      expect(percentile(besideTruth, 0.5)).toBeLessThan(15);
      expect(new Set(samples.map(({ square }) => square?.x1)).size).toBeGreaterThan(20);
    },
    90_000,
  );

  it('paints only where something lies over the picture: once for all that changes at once, and nothing where no layer is wanted', async () => {
    const { page } = await open();
    await page.getByText('On the picture').first().click();
    await page.evaluate(
      `window.paints = 0;
      const { prototype } = CanvasRenderingContext2D;
      const { drawImage } = prototype;
      prototype.drawImage = function (...all) { window.paints++; drawImage.apply(this, all); };`,
    );
    const paints = () => page.evaluate<number>('window.paints');
    const pictures = async () => (await debugOf(page)).picturesShown;
    const later = async (count: number) => {
      const before = await pictures();
      await until('more pictures', async () => (await pictures()) >= before + count);
    };
    await later(10);
    expect(await paints()).toBeGreaterThan(0);

    server.source.pause();
    await until('the notice', async () => !(await isLive(page)));
    const still = await paints();
    const nextFrame = 'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))';
    await page.evaluate(
      `(() => { for (let n = 0; n < 4; n++) document.querySelectorAll('.menu-body input')[3].click(); return ${nextFrame}; })()`,
    );
    expect(await paints()).toBe(still + 1);
    server.source.resume();
    await until('the live picture', () => isLive(page));

    for (const layer of ['Boxes', 'Labels', 'Masks']) await page.getByLabel(layer, { exact: true }).uncheck();
    await page.evaluate(nextFrame);
    const wiped = await paints();
    await later(20);
    expect(await paints()).toBe(wiped);
    expect(
      await page.evaluate(
        `(() => { const canvas = document.querySelector('.stage canvas'); return [getComputedStyle(canvas).visibility, canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0)]; })()`,
      ),
    ).toEqual(['hidden', false]);
    await page.getByLabel('Boxes', { exact: true }).check();
    await until('the boxes again', async () => (await paints()) > wiped);
  }, 60_000);

  it('plays with less than a second of delay, its boxes within one frame of their pictures', async () => {
    const { page } = await open();
    const before = await debugOf(page);
    await until('five more seconds of video', async () => {
      const { mediaTimeMs, epoch } = await debugOf(page);
      return epoch !== before.epoch || mediaTimeMs > before.mediaTimeMs + 5000;
    });
    // A machine that was busy for a moment makes it fall behind; it has to catch up by itself. The p95 is that of the last 500 pictures.
    await until(
      'a delay below a second, and boxes within one frame of their pictures',
      async () => {
        const { delayMs, syncP95Ms = Infinity, picturesShown, picturesWithKnownBoxes } = await debugOf(page);
        const areBoxesKnown = picturesWithKnownBoxes > 10 && picturesWithKnownBoxes > 0.8 * picturesShown;
        return delayMs < 1000 && syncP95Ms <= FRAME_MS && areBoxesKnown;
      },
      40_000,
    );
  }, 90_000);

  it('says within three seconds that no new pictures come, and goes on by itself', async () => {
    const { page } = await open();
    await until('the live picture', () => isLive(page));
    expect(await noticeOf(page)).toBe('');
    server.source.pause();
    const pausedMs = performance.now();
    await until('the notice', async () => !(await isLive(page)));
    expect(performance.now() - pausedMs).toBeLessThan(3000);
    expect(await noticeOf(page)).toMatch(/^No new pictures since \d\d:\d\d:\d\d$/);
    server.source.resume();
    await until('the live picture again', () => isLive(page));
  }, 60_000);

  it.each([
    ['', () => undefined],
    [', even if the camera begins another one just then', () => server.source.restart()],
  ])(
    'joins a stream anew that has become late on the way, and is in time again%s',
    async (_, meanwhile) => {
      const one = await openPage(browser);
      watched.push(one);
      const { page } = one;
      let feeds = 0;
      page.on('websocket', (socket) => (feeds += socket.url().endsWith('/live') ? 1 : 0));
      // What waits on the way is lost with its connection, as it is in a network.
      await page.addInitScript(`
      window.WebSocket = class extends WebSocket {
        constructor(...all) { super(...all); if (this.url.endsWith('/live')) window.feed = this; }
        addEventListener(type, listener) {
          super.addEventListener(type, (event) =>
            this.lateMs === undefined ? listener(event) : setTimeout(listener, this.lateMs, event));
        }
      };`);
      await page.goto(`${server.url}/#/?camera=square`);
      await until('pictures with boxes', async () => (await debugOf(page)).picturesWithKnownBoxes > 10);
      expect(feeds).toBe(1);
      await page.evaluate('window.feed.lateMs = 3500');
      meanwhile();
      await until('another feed', () => Promise.resolve(feeds === 2));
      await until('the live picture', () => isLive(page));
      expect(feeds).toBe(2);
    },
    60_000,
  );

  it('shows the state of each camera, and a change of it at once', async () => {
    const { page } = await open();
    const row = (camera: string) => rowOf(page, camera);
    expect(await row('square').innerText()).toContain('Live');
    expect(await row('gate').innerText()).toMatch(
      /Password refused[^]*since[^]*the camera refuses the password/,
    );
    expect(await row('loading-bay').innerText()).toMatch(/Reconnecting[^]*since/);

    await server.setState('stalled', 'no picture for 5 s');
    await until('the change', async () => (await noticeOf(page)).startsWith('Frozen since'), 3000);
    expect(await noticeOf(page)).toContain('no picture for 5 s');
    expect(await isLive(page)).toBe(false);
    await server.setState('live');
    await until('the live picture', () => isLive(page), 3000);
  }, 60_000);

  it('follows the camera into its next stream', async () => {
    const { page } = await open();
    const { epoch } = await debugOf(page);
    server.source.restart();
    await until('boxes on the next stream', async () => {
      const debug = await debugOf(page);
      return debug.epoch !== epoch && debug.picturesWithKnownBoxes > 10;
    });
    const [sample] = await page.evaluate(samplePictures, 1);
    expect(sample?.box).toBeDefined();
  }, 60_000);

  it('is used by keyboard: arrows and Enter choose a camera, d shows the details of sync', async () => {
    const { page } = await open();
    await rowOf(page, 'square').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until('the other camera', async () => (await page.locator('h1').innerText()) === 'gate');
    expect(await noticeOf(page)).toContain('Password refused');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await until('the first camera', async () => (await page.locator('h1').innerText()) === 'square');
    await page.keyboard.press('d');
    await until('the details', async () =>
      (await page.locator('.debug').innerText()).includes('behind (target'),
    );
    await page.keyboard.press('d');
    expect(await page.locator('.debug').count()).toBe(0);
  }, 60_000);

  it('lists what happens, and does not move what is being read', async () => {
    const { page } = await open();
    for (let n = 1; n <= 40; n++) await server.tellTrack('track.started', n);
    const lines = page.locator('.recent li');
    await until('the list', async () => (await lines.count()) >= 40);
    await page.locator('.recent').hover();
    await page.mouse.wheel(0, 300);
    await until('the scrolled list', () =>
      page.evaluate<boolean>("document.querySelector('.recent').scrollTop > 100"),
    );
    const reading = () =>
      page.evaluate<string>(
        "(() => { const list = document.querySelector('.recent'); const box = list.getBoundingClientRect(); return list.scrollTop + document.elementFromPoint(box.x + 40, box.y + 40).closest('li').innerText; })()",
      );
    const before = await reading();
    await server.tellTrack('track.ended', 7);
    await until(
      'the count of new lines',
      async () => (await page.getByRole('button', { name: '1 new' }).count()) === 1,
    );
    expect(await reading()).toBe(before);
    await page.getByRole('button', { name: '1 new' }).click();
    await until('the new line', async () => (await lines.first().innerText()).includes('person left'));
  }, 60_000);

  it('asks nobody but its server, breaks no content policy, and logs no error', async () => {
    const { page, addresses, problems } = await open();
    await rowOf(page, 'gate').click();
    await rowOf(page, 'square').click();
    await until('the picture again', () => isLive(page));
    const hosts = addresses
      .filter((address) => !address.startsWith('blob:'))
      .map((address) => new URL(address).host);
    expect(new Set(hosts)).toEqual(new Set([new URL(server.url).host]));
    expect(problems).toEqual([]);
  }, 60_000);
});
