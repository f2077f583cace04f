import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { ExampleList, TrackPage } from '../../src/server/protocol.js';
import { hasChromium, launchBrowser, openPage, type WatchedPage } from '../support/browser.js';
import { Held } from '../support/held.js';
import { waitFor } from '../support/wait-for.js';
import { tellLook } from './square-history.js';
import { SquareServer } from './square-server.js';

const describeWithChromium = hasChromium ? describe : describe.skip;
const TRACKS = '**/api/v1/tracks?*';
const EXAMPLES = '**/api/v1/classifiers/kind/examples';

describeWithChromium('labelling by the keyboard', () => {
  let browser: Browser;
  let server: SquareServer;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), SquareServer.open()]);
    for (let at = 0; at < 5; at++) await tellLook(server, `man-${at}`, 60 + at * 60, 0.1 * at);
    watched = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    page = watched.page;
    await showTracks(5);
    const headers = { origin: new URL(server.url).origin };
    const send = (address: string, data: object) =>
      page.request.post(server.url + address, { data, headers });
    await send('/api/v1/setup', { code: server.setupCode, name: 'ada', password: 'lamp otter quartz seven' });
    expect((await send('/api/v1/classifiers', { name: 'kind', classes: ['adult', 'child'] })).status()).toBe(
      201,
    );
    await page.goto(`${server.url}/#/classifiers/kind`);
    await tiles().nth(4).waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** So many of them, and as such that are over. */
  async function showTracks(count: number): Promise<void> {
    await page.route(TRACKS, async (route) => {
      const response = await route.fetch();
      const { tracks } = (await response.json()) as TrackPage;
      const over = tracks.slice(0, count).map((track) => ({ ...track, endedAt: track.startedAt }));
      await route.fulfill({ response, json: { tracks: over } });
    });
  }
  const tiles = () => page.locator('.example');
  const until = (what: string, condition: () => boolean | Promise<boolean>) =>
    waitFor(condition, { timeoutMs: 30_000, what });
  async function kept(): Promise<Record<string, string>> {
    const response = await page.request.get(`${server.url}/api/v1/classifiers/kind/examples`);
    const { examples } = (await response.json()) as ExampleList;
    return Object.fromEntries(examples.map((one) => [one.source ?? '', one.class] as const));
  }

  it('keeps the last of labels that are given quicker than they are answered', async () => {
    const answer = new Held();
    const sent: string[] = [];
    let answers = 0;
    await page.route(EXAMPLES, async (route, request) => {
      if (request.method() !== 'POST') return route.continue();
      sent.push((request.postDataJSON() as { class: string }).class);
      if (sent.length === 1) await answer.promise;
      const response = await route.fetch();
      await route.fulfill({ response });
      answers++;
    });
    await tiles().first().click();
    await page.keyboard.press('1');
    await until('the first label to be sent', () => sent.length === 1);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('2');
    await page.keyboard.press('1');
    await page.locator('.example-class').nth(1).getByText('adult').waitFor();
    answer.release();
    await until('all to be answered', () => answers === 3);
    expect(sent).toEqual(['adult', 'child', 'adult']);
    expect(await kept()).toEqual({ 'man-0': 'child', 'man-1': 'adult' });
    expect(await page.locator('.example-class').first().innerText()).toBe('child');
    await page.unroute(EXAMPLES);
  }, 60_000);

  it('goes back to the class that the server has when one is refused', async () => {
    await page.route(EXAMPLES, (route, request) =>
      request.method() === 'POST' ? route.abort() : route.continue(),
    );
    await tiles().first().click();
    await page.keyboard.press('1');
    await page.getByRole('alert').getByText('does not answer').waitFor();
    await page.locator('.example-class').first().getByText('child').waitFor();
    await page.unroute(EXAMPLES);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('0');
    await until('no class', async () => (await kept())['man-0'] === undefined);
  }, 60_000);

  it('has a picture chosen when there are fewer than before', async () => {
    await tiles().nth(4).click();
    const isChosen = () => page.locator('.example[tabindex="0"]').count();
    await page.unroute(TRACKS);
    await showTracks(2);
    await page.getByLabel('Camera').selectOption('square');
    await until('two of them', async () => (await tiles().count()) === 2);
    expect(await isChosen()).toBe(1);
    await page.getByRole('button', { name: /^2 child/ }).click();
    await until('the label of the second', async () => (await kept())['man-1'] === 'child');
  }, 60_000);
});
