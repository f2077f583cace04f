import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { FrameMessage } from '../../src/events/index.js';
import { axeFindings } from '../support/axe.js';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';
import { Held } from '../support/held.js';
import { waitFor } from '../support/wait-for.js';
import { SquareServer } from './square-server.js';

const describeWithChromium = hasChromium ? describe : describe.skip;
/** As `tellTrack` calls it. */
const FOLLOWED = 'square-e2e-9';

describeWithChromium('following an object by the keyboard', () => {
  let browser: Browser;
  let server: SquareServer;
  let page: Page;
  const asked: { readonly box: readonly number[]; readonly label?: string }[] = [];
  let answer = Promise.resolve();
  /** The stream's messages of tracks that ended, as they came to the page. */
  let endings = 0;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), SquareServer.open()]);
    ({ page } = await openPage(browser, { viewport: { width: 1280, height: 900 } }));
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (payload.toString().includes('"track.ended"')) endings++;
      }),
    );
    // The square's server follows nothing.
    await page.route('**/api/v1/cameras/square/follow', async (route, request) => {
      asked.push(request.postDataJSON() as (typeof asked)[number]);
      await answer;
      await route.fulfill({ status: 201, json: { id: FOLLOWED, track: 9 } });
    });
    const headers = { origin: new URL(server.url).origin };
    const data = { code: server.setupCode, name: 'ada', password: 'lamp otter quartz seven' };
    await page.request.post(`${server.url}/api/v1/setup`, { data, headers });
    await page.goto(`${server.url}/#/cameras/square`);
    await begin().waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const begin = () => page.getByRole('button', { name: 'Follow an object' });
  const person = () => page.getByRole('button', { name: 'Follow person 1' });
  const said = () => page.locator('.follow-bar [role=status]');
  const isFocused = (selector: string) =>
    page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) === true`);
  const until = (what: string, condition: () => boolean | Promise<boolean>) =>
    waitFor(condition, { timeoutMs: 30_000, what });
  async function pick(): Promise<void> {
    await begin().focus();
    await page.keyboard.press('Enter');
    await page.locator('.follow-layer:focus').waitFor();
    await person().waitFor();
    // From the picture on: the button that began it, and the first object.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await isFocused('.follow-list button')).toBe(true);
  }

  it('begins with the box of the object that is chosen by name, and tells when it is over', async () => {
    await pick();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await said().getByText(`Following person, as ${FOLLOWED}.`).waitFor();
    expect(await isFocused('[aria-pressed]')).toBe(true);
    expect(asked).toHaveLength(1);
    expect(asked[0]!.label).toBe('person');
    const [x1, y1, x2, y2] = asked[0]!.box as [number, number, number, number];
    expect(x2 - x1).toBeCloseTo(80);
    expect(y2 - y1).toBeCloseTo(80);
    await server.tellTrack('track.ended', 9);
    await said().getByText('person is no longer followed').waitFor();
    expect(await page.getByRole('button', { name: 'Stop following' }).count()).toBe(0);
  }, 60_000);

  it('tells that it is over where it was over before the answer came', async () => {
    const held = new Held();
    answer = held.promise;
    await pick();
    await page.keyboard.press('Enter');
    await until('the question', () => asked.length === 2);
    const before = endings;
    await server.tellTrack('track.ended', 9);
    await until('the ending', () => endings > before);
    held.release();
    await said().getByText('person is no longer followed').waitFor();
    expect(await page.getByRole('button', { name: 'Stop following' }).count()).toBe(0);
  }, 60_000);

  it('leaves the focus with the list when an object goes, and gives up by Escape', async () => {
    await pick();
    const empty = (frame: FrameMessage) => void Object.assign(frame, { objects: [] });
    server.onAnalysed.add(empty);
    await page.getByText('None is seen now.').waitFor();
    expect(await isFocused('.follow-list')).toBe(true);
    server.onAnalysed.delete(empty);
    await person().waitFor();
    await page.keyboard.press('Escape');
    await person().waitFor({ state: 'detached' });
    expect(await begin().getAttribute('aria-pressed')).toBe('false');
    expect(await isFocused('[aria-pressed=false]')).toBe(true);
    expect(asked).toHaveLength(2);
  }, 60_000);
});
