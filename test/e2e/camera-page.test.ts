import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import type { SightlineDebug } from '../../dashboard/src/debug.js';
import { App } from '../../src/app/index.js';
import { silentLog } from '../../src/base/index.js';
import { loadConfig } from '../../src/config/index.js';
import type { TrackPage } from '../../src/server/protocol.js';
import { axeFindings } from '../support/axe.js';
import { hasChromium, launchBrowser, openPage, type WatchedPage } from '../support/browser.js';
import { HttpCamera } from '../support/http-camera.js';
import { waitFor } from '../support/wait-for.js';

const demo = path.resolve('streams/demo.mp4');
const describeWithDemo = hasChromium && existsSync(demo) ? describe : describe.skip;
const PASSWORD = 'lamp otter quartz seven';
/** A refusal is shown on the page; the browser notes it, too. */
const REFUSAL = /status of 4(00|12)/;

interface WrittenCamera {
  readonly source?: string;
  readonly zones?: Readonly<Record<string, { readonly polygon: readonly (readonly [number, number])[] }>>;
  readonly lines?: Readonly<Record<string, { readonly points: readonly (readonly [number, number])[] }>>;
  readonly rules?: readonly Readonly<Record<string, unknown>>[];
}

let dir: string;
let app: App;
let cookie: string;
let browser: Browser;
let web: HttpCamera;
let watched: WatchedPage;
let page: Page;

const ask = (address: string, init: RequestInit = {}) =>
  fetch(new URL(address, app.url), {
    ...init,
    headers: { origin: new URL(app.url).origin, cookie: cookie ?? '', 'content-type': 'application/json', ...init.headers }, // prettier-ignore
  });
async function saved(): Promise<{ readonly camera: WrittenCamera; readonly etag: string }> {
  const response = await ask('/api/v1/config');
  const { cameras } = (await response.json()) as { cameras: Record<string, WrittenCamera> };
  return { camera: cameras['street'] ?? {}, etag: response.headers.get('etag')! };
}
const until = <T>(what: string, test: () => T | Promise<T>) => waitFor(test, { timeoutMs: 150_000, what });
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const debugOf = () => page.evaluate<SightlineDebug>('({ ...window.__sightline })');

/** Where a share of the picture is on the screen, px. The demo is as wide as the stage. */
async function spot(x: number, y: number): Promise<[number, number]> {
  const box = (await page.locator('.figures').boundingBox())!;
  const height = Math.min(box.height, (box.width * 9) / 16);
  const width = (height * 16) / 9;
  return [box.x + (box.width - width) / 2 + x * width, box.y + (box.height - height) / 2 + y * height];
}
async function click(x: number, y: number): Promise<void> {
  await page.mouse.click(...(await spot(x, y)));
}
async function drag(from: [number, number], to: [number, number]): Promise<void> {
  await page.mouse.move(...(await spot(...from)));
  await page.mouse.down();
  await page.mouse.move(...(await spot((from[0] + to[0]) / 2, (from[1] + to[1]) / 2)));
  await page.mouse.move(...(await spot(...to)));
  await page.mouse.up();
}
const corner = (at: number) => page.locator(`[data-corner="${at}"]`);
const placeOf = async (at: number) => (await corner(at).getAttribute('aria-label')) ?? '';
async function screens(name: string): Promise<void> {
  if (process.env.SIGHTLINE_SCREENS !== '1') return;
  mkdirSync('docs/screens', { recursive: true });
  // With a palette it is a third of the size.
  await sharp(await page.screenshot())
    .png({ palette: true, colours: 32 })
    .toFile(`docs/screens/${name}.png`);
}

describeWithDemo('the page of a camera', () => {
  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'sightline-camera-page-'));
    const file = path.join(dir, 'sightline.yaml');
    await writeFile(file, 'server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\ncameras: {}\n');
    const config = await loadConfig(file, {});
    [browser, web, app] = await Promise.all([
      launchBrowser(),
      HttpCamera.open({ files: { '/street.mp4': demo } }),
      App.open({ config, configPath: file, env: {}, version: '0.0.0', log: silentLog }),
    ]);
    const body = JSON.stringify({ code: app.setupCode, name: 'ada', password: PASSWORD });
    const response = await ask('/api/v1/setup', { method: 'POST', body });
    cookie = response.headers.getSetCookie()[0]!.split(';')[0]!;
    watched = await openPage(browser, { viewport: { width: 1440, height: 900 } });
    page = watched.page;
    const [name, value] = cookie.split('=') as [string, string];
    await page.context().addCookies([{ name, value, url: app.url }]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.close();
    await web?.close();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  it('adds a camera by its address, after showing what it would show', async () => {
    await page.goto(`${app.url}/#/cameras`);
    await page.getByLabel('Address of the camera').fill(web.url('/nothing.mp4'));
    await button('Test').click();
    await page.getByText('Not found').waitFor();
    await page.getByLabel('Address of the camera').fill(web.url('/street.mp4'));
    await button('Test').click();
    await page.locator('.add-camera-trial img').waitFor({ timeout: 30_000 });
    const width = await page.evaluate<number>(
      "(async () => { const image = document.querySelector('.add-camera-trial img'); await image.decode(); return image.naturalWidth; })()",
    );
    expect(width).toBe(640);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Name').fill('street');
    await button('Add camera').click();
    await page.getByRole('heading', { name: 'street' }).waitFor();
    expect((await saved()).camera).toEqual({ source: web.url('/street.mp4') });
    await page.locator('.stage[data-live=true]').waitFor({ timeout: 60_000 });
    // Small and few pictures: what is found in them matters here, not how much.
    const body = JSON.stringify({ cameras: { street: { analyse: { fps: 2, width: 320 } } } });
    await ask('/api/v1/config', { method: 'PATCH', body, headers: { 'if-match': (await saved()).etag } });
    await page.locator('.stage[data-live=true]').waitFor({ timeout: 60_000 });
  }, 180_000);

  it('has a zone drawn with the mouse, whose corners go to the border', async () => {
    await button('Draw a zone').click();
    await click(0.003, 0.004);
    await click(0.997, 0.004);
    await click(0.9, 0.98);
    await click(0.3, 0.6);
    await page.keyboard.press('Enter');
    const name = page.getByLabel('Name of zone zone-1');
    await name.fill('everywhere');
    await page.getByText('Not saved yet.').waitFor();
    await button('Save').click();
    await page.getByText('Saved, and in force.').waitFor();
    const { polygon } = (await saved()).camera.zones!['everywhere']!;
    expect(polygon.slice(0, 2)).toEqual([[0, 0], [1, 0]]); // prettier-ignore
    expect(polygon).toHaveLength(4);
    expect(polygon[3]![0]).toBeCloseTo(0.3, 1);
  }, 60_000);

  it('takes a drag back and brings it again', async () => {
    await page.locator('.figure').click({ position: { x: 200, y: 60 } });
    const before = await placeOf(3);
    await drag([0.3, 0.6], [0.2, 0.8]);
    const after = await placeOf(3);
    expect(after).not.toBe(before);
    await page.keyboard.press('Control+z');
    await until('the corner where it was', async () => (await placeOf(3)) === before);
    await page.keyboard.press('Control+Shift+Z');
    await until('the corner where it was dragged', async () => (await placeOf(3)) === after);
    // A new corner out of the middle of a side.
    await drag([0.55, 0.89], [0.55, 0.95]);
    expect(await page.locator('[data-corner]').count()).toBe(5);
    await page.keyboard.press('Control+z');
    await until('four corners', async () => (await page.locator('[data-corner]').count()) === 4);
  }, 60_000);

  it('is edited by keyboard alone', async () => {
    await corner(0).focus();
    await page.keyboard.press('Tab');
    const isFocused = (at: number) =>
      page.evaluate<boolean>(`document.activeElement === document.querySelector('[data-corner="${at}"]')`);
    expect(await isFocused(1)).toBe(true);
    const before = await placeOf(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await placeOf(1)).toMatch(/98\.0\s% from the left, 0\.2\s% from the top/);
    await page.keyboard.press('Control+z');
    expect(await placeOf(1)).toBe(before);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Delete');
    await until('three corners', async () => (await page.locator('[data-corner]').count()) === 3);
    expect(await isFocused(2)).toBe(true);
    await page.keyboard.press('Control+z');
    // A line, without the mouse: it lies in the middle, and is turned around.
    await button('Draw a line').focus();
    await page.keyboard.press('Enter');
    await page.locator('.figures[data-drawing=true]:focus').waitFor();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name of line line-1').waitFor();
    await button('Reverse the direction of line-1').click();
    await button('Save').click();
    await page.getByText('Saved, and in force.').waitFor();
    expect((await saved()).camera.lines).toEqual({ 'line-1': { points: [[0.65, 0.5], [0.35, 0.5]] } }); // prettier-ignore
    expect(await axeFindings(page)).toEqual([]);
  }, 60_000);

  it('keeps what was drawn when somebody else has changed the configuration meanwhile', async () => {
    const theirs: number[] = [];
    await page.route('**/api/v1/config', async (route, request) => {
      if (request.method() === 'PATCH' && theirs.length === 0) {
        const patch = { cameras: { street: { zones: { theirs: { polygon: [[0, 0], [0.1, 0], [0.1, 0.1]] } } } } }; // prettier-ignore
        const answer = await ask('/api/v1/config', { method: 'PATCH', body: JSON.stringify(patch), headers: { 'if-match': (await saved()).etag } }); // prettier-ignore
        theirs.push(answer.status);
      }
      await route.continue();
    });
    await button('Draw a line').click();
    await click(0.1, 0.9);
    await click(0.4, 0.9);
    await button('Save').click();
    await page.getByText('Somebody else has changed the configuration').waitFor();
    await page.unroute('**/api/v1/config');
    expect(theirs).toEqual([200]);
    expect(Object.keys((await saved()).camera.lines!)).toEqual(['line-1']);
    await page.getByLabel('Name of zone theirs').waitFor();
    await button('Save').click();
    await page.getByText('Saved, and in force.').waitFor();
    const { camera } = await saved();
    expect(Object.keys(camera.lines!)).toEqual(['line-1', 'line-2']);
    expect(Object.keys(camera.zones!)).toEqual(['everywhere', 'theirs']);
  }, 60_000);

  it('builds a rule: what is wrong stands beside its field, and it is tried before it is saved', async () => {
    await button('Add a rule').click();
    await page.getByLabel('What is told').selectOption('inside');
    await page.getByLabel('Name', { exact: true }).fill('someone');
    await page.getByLabel('Zone', { exact: true }).selectOption('everywhere');
    await page.getByLabel('Lowest score, 0 to 1').fill('0.5');
    await page.getByLabel('Only at certain times').check();
    await page.getByLabel('Time zone').fill('Nowhere/Atall');
    await button('Save').last().click();
    await page
      .locator('.schedule .fault')
      .getByText(/no time zone "Nowhere\/Atall"/i)
      .waitFor();
    await page.getByLabel('Only at certain times').uncheck();
    await until('objects that were seen', async () => {
      const { tracks } = (await (await ask('/api/v1/tracks?camera=street')).json()) as TrackPage;
      return tracks.filter(({ endedAt }) => endedAt !== undefined).length > 3;
    });
    await until('events that there would have been', async () => {
      await button('Try on the last day').click();
      await page.locator('.trial-counts, .rule-try [role=status] > p').first().waitFor();
      return Number.parseInt(await page.locator('[data-kind=come]').innerText().catch(() => '0')) > 0; // prettier-ignore
    });
    expect(await axeFindings(page)).toEqual([]);
    await screens('camera-rule');
    await button('Save').last().click();
    await page.locator('.rule-name').getByText('someone').waitFor();
    expect((await saved()).camera.rules).toEqual([
      { name: 'someone', type: 'inside', zone: 'everywhere', scoreMin: 0.5 },
    ]);
  }, 400_000);

  it('shows its event as it comes', async () => {
    await page.locator('.latest-events li').getByText('someone').first().waitFor({ timeout: 150_000 });
  }, 180_000);

  it('follows an object that is clicked, until it is stopped', async () => {
    await button('Follow an object').click();
    await until('an object that is followed', async () => {
      const object = (await debugOf()).choice?.objects.find(({ box }) => box[2] - box[0] > 20);
      const frame = (await debugOf()).choice?.frame;
      if (object === undefined || frame === undefined) return false;
      const [x1, y1, x2, y2] = object.box;
      await click((x1 + x2) / 2 / frame.width, (y1 + y2) / 2 / frame.height);
      const said = page.locator('.follow-bar [role=status]');
      await until('an answer', async () => !/Asking/.test(await said.innerText()));
      if (/^Following/.test(await said.innerText())) return true;
      // It had gone from under the pointer.
      if ((await button('Follow an object').getAttribute('aria-pressed')) !== 'true')
        await button('Follow an object').click();
      return false;
    });
    await button('Stop following').click();
    await until('that it is over', async () => (await button('Stop following').count()) === 0);
  }, 240_000);

  it.each([
    ['light', { width: 1440, height: 900 }, 'light'],
    ['dark', { width: 1440, height: 900 }, 'dark'],
    ['phone', { width: 390, height: 844 }, 'light'],
  ] as const)(
    'has nothing that axe objects to: %s',
    async (name, viewport, colorScheme) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.locator('.u-wrap').first().waitFor({ timeout: 30_000 });
      await page.getByLabel('Name of zone everywhere').focus();
      await page.evaluate('window.scrollTo(0, 0)');
      expect(await axeFindings(page)).toEqual([]);
      const sideways = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
      expect(await page.evaluate<boolean>(sideways)).toBe(false);
      await screens(`camera-${name}`);
    },
    90_000,
  );

  it('removes the camera, and has logged nothing but the refusals that it showed', async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await button('Remove camera').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove camera' }).click();
    await page.getByRole('heading', { name: 'Add a camera' }).waitFor();
    expect((await saved()).camera).toEqual({});
    expect(watched.problems.filter((problem) => !REFUSAL.test(problem))).toEqual([]);
  }, 60_000);
});
