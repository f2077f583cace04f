import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import type { Browser, Page } from 'playwright-core';
import type { DurableMessage } from '../../src/events/index.js';
import { axeFindings } from '../support/axe.js';
import { hasChromium, launchBrowser, openPage, type WatchedPage } from '../support/browser.js';
import { waitFor } from '../support/wait-for.js';
import { tellLook, tellVisit } from './square-history.js';
import { SquareServer } from './square-server.js';

const EVIL = `<img src=x onerror="document.title='owned'">`;
const describeWithChromium = hasChromium ? describe : describe.skip;

let browser: Browser;
let server: SquareServer;

async function openSearch(hash = '#/search', options = {}): Promise<WatchedPage> {
  const watched = await openPage(browser, { viewport: { width: 1280, height: 800 }, ...options });
  await watched.page.goto(server.url + hash);
  return watched;
}
const cards = (page: Page) => page.locator('.track-grid .track-card');
const addressOf = (page: Page) => page.evaluate<string>('decodeURIComponent(location.hash)');
const real = (problems: readonly string[]) => problems.filter((one) => !one.endsWith('net::ERR_ABORTED'));
const until = (what: string, condition: () => Promise<boolean>) =>
  waitFor(condition, { timeoutMs: 30_000, what });

beforeAll(async () => {
  if (!hasChromium) return;
  [browser, server] = await Promise.all([launchBrowser(), SquareServer.open({ records: true })]);
  // Eleven that look alike, with the square's own track, and five of which each looks like itself alone.
  for (let at = 0; at < 10; at++) await tellLook(server, `van-${at}`, 600 + at * 60, 0.02 * at, 'car');
  for (let at = 0; at < 5; at++) await tellLook(server, `odd-${at}`, 60 + at * 60, 1.2 + at * 0.9);
  await tellVisit(server, '7', 4);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describeWithChromium('the page of searches', () => {
  it('shows the newest objects, narrowed by what the address says', async () => {
    const { page, problems } = await openSearch();
    await until('all objects', async () => (await cards(page).count()) === 16);
    await page.getByLabel('Label').fill('car');
    await page.keyboard.press('Enter');
    await until('the cars', async () => (await cards(page).count()) === 10);
    expect(await addressOf(page)).toBe('#/search?label=car');
    await page.reload();
    await until('the cars again', async () => (await cards(page).count()) === 10);
    expect(problems).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('finds objects by a zone that they were in and by their colour, and says both of them', async () => {
    const history = server.store.table('history');
    for (const id of ['van-1', 'van-2', 'odd-1']) await history.write('addZones', id, ['yard']);
    for (const id of ['van-2', 'van-4', 'odd-1']) await history.write('setColour', id, 'red');
    const { page, problems } = await openSearch();
    await page.getByLabel('Zone').fill('yard');
    await page.keyboard.press('Enter');
    await until('those in the yard', async () => (await cards(page).count()) === 3);
    expect(await page.locator('#seen-zone option').evaluateAll((all) => all.map((one) => (one as unknown as { value: string }).value))).toEqual(['yard']); // prettier-ignore
    await page.getByLabel('Colour').selectOption('red');
    await until('the red ones', async () => (await cards(page).count()) === 2);
    expect(await addressOf(page)).toBe('#/search?zone=yard&colour=red');
    expect(await cards(page).first().innerText()).toContain('red, in yard');
    await page.reload();
    await until('the red ones again', async () => (await cards(page).count()) === 2);
    // What goes by looks takes both as well.
    await page.getByRole('link', { name: 'More like this: car 2' }).click();
    await page.getByRole('heading', { name: 'Looks like car 2' }).waitFor();
    await page.getByText('Nothing like this was seen.').waitFor();
    await page.getByLabel('Colour').selectOption('');
    await until('what was in the yard, too', async () => (await cards(page).count()) === 1);
    expect(await addressOf(page)).toBe('#/search?label=car&zone=yard&like=van-2');
    expect(await cards(page).first().innerText()).toContain('car 1');
    await page.getByRole('button', { name: 'Groups that look alike' }).click();
    await page.getByRole('heading', { name: /, 2 times/ }).waitFor();
    await page.getByLabel('Colour').selectOption('red');
    await page.getByText('Nothing that looks alike').waitFor();
    await page.getByRole('button', { name: 'Objects', exact: true }).click();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await until('all', async () => (await cards(page).count()) === 16);
    expect(real(problems)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('finds what looks like an object by a click, the most similar first, and plays the moment', async () => {
    const { page, problems } = await openSearch();
    await page.getByRole('link', { name: 'More like this: person 7' }).click();
    await page.getByRole('heading', { name: 'Looks like person 7' }).waitFor();
    await until('those that look alike', async () => (await cards(page).count()) > 0);
    expect(await addressOf(page)).toBe('#/search?label=person&like=square-run-7');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await until('those of all labels', async () => (await cards(page).count()) === 15);
    const scores = (await cards(page).allInnerTexts()).map((text) =>
      Number(/(\d+)\u202f% alike/.exec(text)![1]),
    );
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.slice(0, 2)).toEqual([100, 100]);
    expect(await cards(page).first().innerText()).toContain('car 0');

    await page.locator('.track-asked').getByRole('button', { name: 'Clip of person 7' }).click();
    const frame = page.getByRole('dialog').locator('.clip-frame');
    await frame.filter({ hasText: /\b1 of \d+/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(real(problems)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('groups what looks alike: the same, eleven times', async () => {
    const { page, problems } = await openSearch();
    await page.getByRole('button', { name: 'Groups that look alike' }).click();
    await page.getByRole('heading', { name: /, 11 times/ }).waitFor();
    expect(await addressOf(page)).toBe('#/search?show=groups');
    expect(problems).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('searches by a picture of the user’s, of which a part may be chosen', async () => {
    const { page, problems } = await openSearch();
    const buffer = await sharp({ create: { width: 1600, height: 1200, channels: 3, background: '#844' } })
      .png()
      .toBuffer();
    const bodies: { picture: string; box?: number[] }[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') bodies.push(request.postDataJSON() as (typeof bodies)[number]);
    });
    await page
      .getByLabel('Search by picture')
      .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer });
    await page.getByRole('heading', { name: 'Looks like the picture' }).waitFor();
    const picture = page.getByRole('img', { name: 'Chosen picture' });
    const { x, y, width, height } = (await picture.boundingBox())!;
    await page.mouse.move(x + width * 0.25, y + height * 0.25);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.75, y + height * 0.5);
    await page.mouse.up();
    await until('a search by the part', async () => Promise.resolve(bodies.length === 2));
    expect(await sharp(Buffer.from(bodies[0]!.picture, 'base64')).metadata()).toMatchObject({ width: 1024, height: 768 }); // prettier-ignore
    expect(bodies[0]!.box).toBeUndefined();
    for (const [at, share] of [0.25, 0.25, 0.75, 0.5].entries())
      expect(bodies[1]!.box![at]).toBeCloseTo(share, 1);
    // These looks are by a network of another name: nothing is comparable, and the page says so.
    await page.getByText('Nothing like this was seen.').waitFor();
    // The first search is given up for the second.
    expect(real(problems)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('keeps what is being typed in a filter while all else is drawn anew', async () => {
    const { page } = await openSearch();
    const field = page.getByLabel('Text or plate');
    await field.pressSequentially('SL2');
    await page.evaluate("location.hash = '#/search?label=car'");
    await until('the other filter', async () => (await page.getByLabel('Label').inputValue()) === 'car');
    expect(await field.inputValue()).toBe('SL2');
    await page.keyboard.press('Enter');
    expect(await addressOf(page)).toBe('#/search?label=car&text=SL2');
    await page.context().close();
  }, 60_000);

  it('finds what is written on objects, a letter misread included', async () => {
    const time = new Date().toISOString();
    const track = { id: 'van-3', label: 'car', score: 0.7, box: [100, 100, 180, 180] } as const;
    const corners = [[0, 0], [9, 0], [9, 9], [0, 9]] as const; // prettier-ignore
    const seen = { ptsMs: 0, box: track.box, polygon: corners };
    const text = { value: 'SL 2026', confidence: 0.9, characters: [], views: 3, seen };
    const frame = { width: 640, height: 360 };
    await server.tell({ v: 1, type: 'text.read', camera: 'square', time, epoch: 1, ptsMs: 0, frame, track, model: 'm', text } as unknown as DurableMessage); // prettier-ignore
    const { page, problems } = await openSearch();
    await page.getByLabel('Text or plate').fill('SL2O26');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'or nearly so, is written on it' }).waitFor();
    await until('the one', async () => (await cards(page).count()) === 1);
    expect(await cards(page).innerText()).toContain('SL 2026');
    expect(await addressOf(page)).toBe('#/search?text=SL2O26');
    expect(real(problems)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('B1: shows labels that are markup as the text that they are', async () => {
    await tellLook(server, 'evil-1', 1, 3, EVIL);
    const { page, problems } = await openSearch();
    await page.getByText('<img src=x').first().waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.evaluate<string>('document.title')).toBe('Search · Sightline');
    expect(problems).toEqual([]);
    await page.context().close();
  }, 60_000);

  it.each([
    ['in light', { colorScheme: 'light' }],
    ['in the dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 } }],
  ])(
    'is not complained of by axe %s',
    async (_, options) => {
      const { page } = await openSearch('#/search', options);
      await cards(page).first().waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.goto(`${server.url}#/search?show=groups`);
      await page.getByRole('heading', { name: /, 11 times/ }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      await page.context().close();
    },
    60_000,
  );
});
