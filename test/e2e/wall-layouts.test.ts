import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { WallLayoutList } from '../../src/server/protocol.js';
import { axeFindings } from '../support/axe.js';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';
import { waitFor } from '../support/wait-for.js';
import { SquareServer } from './square-server.js';

const describeWithChromium = hasChromium ? describe : describe.skip;
const PERSON = { name: 'ada', password: 'lamp otter quartz seven' };
const ALL = ['square', 'gate', 'loading-bay'];
const ADDRESS = '**/api/v1/me/layouts';

/** In this order: what the first leaves in the browser, the next find there. */
describeWithChromium('layouts of the wall', () => {
  let browser: Browser;
  let server: SquareServer;
  let page: Page;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), SquareServer.open()]);
    page = (await openPage(browser, { viewport: { width: 1280, height: 800 } })).page;
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const send = async (on: Page, address: string, data: object) => {
    const headers = { origin: new URL(server.url).origin };
    expect((await on.request.post(server.url + address, { data, headers })).ok()).toBe(true);
  };
  const shown = async (on: Page, cameras: readonly string[]) => {
    const tiles = () => on.evaluate<string[]>("[...document.querySelectorAll('.tile')].map((tile) => tile.dataset.camera)"); // prettier-ignore
    await waitFor(async () => (await tiles()).join() === cameras.join(), { timeoutMs: 30_000, what: `the tiles ${cameras.join()}` }); // prettier-ignore
  };
  const chooser = (on: Page) => on.getByRole('combobox', { name: /^Layout/ });
  const names = async (on: Page) => (await chooser(on).locator('option').allInnerTexts()).slice(1);
  const untilNames = (on: Page, wanted: readonly string[]) =>
    waitFor(async () => (await names(on)).join() === wanted.join(), { timeoutMs: 30_000, what: `the layouts ${wanted.join()}` }); // prettier-ignore
  const keptByServer = async () => {
    const response = await page.request.get(`${server.url}/api/v1/me/layouts`);
    return ((await response.json()) as WallLayoutList).layouts.map(({ name }) => name);
  };
  /** Makes a layout of all cameras but one. */
  async function make(on: Page, name: string, without: string): Promise<void> {
    await chooser(on).selectOption({ label: 'All cameras' });
    await on.getByRole('button', { name: 'New layout' }).click();
    const dialog = on.getByRole('dialog', { name: 'New layout' });
    await dialog.getByLabel(without, { exact: true }).uncheck();
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await shown(on, ALL.filter((camera) => camera !== without)); // prettier-ignore
  }

  it('stay in the browser while nobody has an account, and become those of who signs in', async () => {
    await page.goto(server.url);
    await shown(page, ALL);
    await make(page, 'Way out', 'gate');
    await page.reload();
    await shown(page, ['square', 'loading-bay']);
    await send(page, '/api/v1/setup', { code: server.setupCode, ...PERSON });
    await page.reload();
    await shown(page, ['square', 'loading-bay']);
    await waitFor(async () => (await keptByServer()).join() === 'Way out', { timeoutMs: 30_000, what: 'the layout on the server' }); // prettier-ignore
    expect(await page.evaluate<string>("localStorage.getItem('sightline.layouts')")).toBe('[]');
  }, 60_000);

  it('follow a person to another browser, by their address too, and are changed from there', async () => {
    const other = (await openPage(browser, { viewport: { width: 1280, height: 800 } })).page;
    await send(other, '/api/v1/login', PERSON);
    await other.goto(`${server.url}/#/?layout=Way+out`);
    await shown(other, ['square', 'loading-bay']);
    await make(other, 'Bay', 'square');
    // This page has not seen that one: its change is made of what is there by now.
    await make(page, 'Square', 'loading-bay');
    await waitFor(async () => (await keptByServer()).length === 3, { timeoutMs: 30_000, what: 'three' });
    expect(await keptByServer()).toEqual(['Way out', 'Bay', 'Square']);
    await untilNames(page, ['Way out', 'Bay', 'Square']);
    await other.reload();
    await untilNames(other, ['Way out', 'Bay', 'Square']);
    await other.context().close();
  }, 60_000);

  it('can be made when the server does not take them, which is said, and are given to it later', async () => {
    await page.route(ADDRESS, async (route, request) => {
      if (request.method() !== 'PUT') return route.continue();
      const problem = { type: 'about:blank', title: '', status: 503, code: 'store/write-failed', detail: 'the disk is full' }; // prettier-ignore
      await route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }); // prettier-ignore
    });
    await make(page, 'Night', 'gate');
    const words = 'Layouts are kept in this browser only: the disk is full';
    await page.getByRole('alert').filter({ hasText: words }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.reload();
    await untilNames(page, ['Way out', 'Bay', 'Square', 'Night']);
    await page.getByRole('alert').filter({ hasText: words }).waitFor();
    expect(await keptByServer()).toEqual(['Way out', 'Bay', 'Square']);
    await page.unroute(ADDRESS);
    await page.reload();
    await waitFor(async () => (await keptByServer()).length === 4, { timeoutMs: 30_000, what: 'the fourth' });
    expect(await keptByServer()).toEqual(['Way out', 'Bay', 'Square', 'Night']);
    await untilNames(page, ['Way out', 'Bay', 'Square', 'Night']);
    expect(await page.getByRole('alert').filter({ hasText: words }).count()).toBe(0);
  }, 60_000);

  it('are deleted everywhere', async () => {
    await chooser(page).selectOption({ label: 'Bay' });
    await page.getByRole('button', { name: 'Edit layout' }).click();
    await page.getByRole('button', { name: 'Delete layout' }).click();
    await shown(page, ALL);
    await waitFor(async () => (await keptByServer()).length === 3, { timeoutMs: 30_000, what: 'its end' });
    expect(await keptByServer()).toEqual(['Way out', 'Square', 'Night']);
  }, 60_000);
});
