import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page, Route } from 'playwright-core';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';
import { Held } from '../support/held.js';
import { waitFor } from '../support/wait-for.js';
import { tellLook } from './square-history.js';
import { SquareServer } from './square-server.js';

const describeWithChromium = hasChromium ? describe : describe.skip;
const TRACKS = '**/api/v1/tracks?*';
const PERIOD_MS = 5000;

let browser: Browser;
let server: SquareServer;
beforeAll(async () => {
  if (!hasChromium) return;
  [browser, server] = await Promise.all([launchBrowser(), SquareServer.open()]);
  for (let at = 0; at < 6; at++) await tellLook(server, `car-${at}`, 60 + at * 60, 0.1 * at, 'car');
  for (let at = 0; at < 6; at++) await tellLook(server, `man-${at}`, 90 + at * 60, 0.1 * at);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const cards = (page: Page) => page.locator('.track-grid .track-card');
const until = (what: string, condition: () => boolean | Promise<boolean>) =>
  waitFor(condition, { timeoutMs: 30_000, what });
const more = (page: Page) => page.getByRole('button', { name: 'More', exact: true });
/** Pages of five, that there are several. */
const small = (route: Route) => route.continue({ url: route.request().url().replace('limit=60', 'limit=5') });

describeWithChromium('what a page asks again and again', () => {
  it('is not asked while an answer is out, however long that takes', async () => {
    const { page } = await openPage(browser);
    await page.clock.install();
    const answers: Held[] = [];
    await page.route('**/readyz', async (route) => {
      const answer = new Held();
      answers.push(answer);
      await answer.promise;
      await route.continue();
    });
    await page.goto(`${server.url}/#/system`);
    await until('the first question', () => answers.length === 1);
    await page.clock.runFor(4 * PERIOD_MS);
    answers[0]!.release();
    await page.locator('.ready').waitFor();
    expect(answers).toHaveLength(1);
    await page.clock.runFor(PERIOD_MS);
    await until('the next question', () => answers.length === 2);
    answers[1]!.release();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.context().close();
  }, 60_000);
});

describeWithChromium('what a page has asked', () => {
  it('is not shown for what is asked now', async () => {
    const { page } = await openPage(browser);
    const answer = new Held();
    await page.route('**/api/v1/tracks?label=car*', async (route) => {
      await answer.promise;
      await route.continue();
    });
    await page.goto(`${server.url}/#/search`);
    await until('all of them', async () => (await cards(page).count()) === 12);
    await page.getByLabel('Label').fill('car');
    await page.keyboard.press('Enter');
    await page.getByText('Loading', { exact: true }).waitFor();
    expect(await cards(page).count()).toBe(0);
    answer.release();
    await until('the cars', async () => (await cards(page).count()) === 6);
    await page.context().close();
  }, 60_000);
});

describeWithChromium('a list that comes page by page', () => {
  it('has each page once, and says why one did not come, which may be asked again', async () => {
    const { page } = await openPage(browser);
    let isAway = true;
    await page.route(TRACKS, (route) =>
      isAway && route.request().url().includes('cursor=') ? route.abort() : small(route),
    );
    await page.goto(`${server.url}/#/search`);
    await until('a page', async () => (await cards(page).count()) === 5);
    await more(page).click();
    await page.getByRole('alert').getByText('does not answer').waitFor();
    expect(await cards(page).count()).toBe(5);
    isAway = false;
    await more(page).click();
    await until('two pages', async () => (await cards(page).count()) === 10);
    expect(await page.getByRole('alert').count()).toBe(0);
    await more(page).dblclick();
    await until('all of them', async () => (await cards(page).count()) === 12);
    await until('no more', async () => (await more(page).count()) === 0);
    expect(new Set(await cards(page).allInnerTexts()).size).toBe(12);
    await page.context().close();
  }, 60_000);

  it('drops a page of an earlier address', async () => {
    const { page } = await openPage(browser);
    const [answer, gone] = [new Held(), new Held()];
    await page.route(TRACKS, async (route) => {
      if (!route.request().url().includes('cursor=') || route.request().url().includes('label=car'))
        return small(route);
      await answer.promise;
      // The page may have given it up.
      await small(route).finally(() => gone.release());
    });
    await page.goto(`${server.url}/#/search`);
    await until('a page', async () => (await cards(page).count()) === 5);
    await more(page).click();
    await page.getByLabel('Label').fill('car');
    await page.keyboard.press('Enter');
    await until('cars alone', async () => {
      const all = await cards(page).allInnerTexts();
      return all.length === 5 && all.every((text) => text.includes('car'));
    });
    await more(page).click();
    await until('all cars', async () => (await cards(page).count()) === 6);
    answer.release();
    await gone.promise;
    expect((await cards(page).allInnerTexts()).filter((text) => !text.includes('car'))).toEqual([]);
    expect(await cards(page).count()).toBe(6);
    await page.context().close();
  }, 60_000);
});
