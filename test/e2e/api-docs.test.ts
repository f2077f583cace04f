import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { OPERATIONS } from '../../src/server/openapi/operations.js';
import { PASSWORD } from '../server/signed-in.js';
import { ServerUnderTest } from '../server/server-under-test.js';
import { hasChromium, launchBrowser, openPage, type WatchedPage } from '../support/browser.js';

const describeWithChromium = hasChromium ? describe : describe.skip;

describeWithChromium('the page about the API', () => {
  let browser: Browser;
  let under: ServerUnderTest;
  let opened: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    [browser, under] = await Promise.all([launchBrowser(), ServerUnderTest.open()]);
    opened = await openPage(browser, { viewport: { width: 1200, height: 900 } });
    ({ page } = opened);
    await page.goto(`${under.server.url}/api/docs`);
    await page.locator('.opblock').first().waitFor();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await under?.tearDown();
  });

  const operation = (method: string, path: string): Locator =>
    page.locator(`.opblock-${method}`).filter({ has: page.locator(`[data-path="${path}"]`) });

  /** Opens an operation and asks it, as somebody with a mouse does; gives status and body of the answer. */
  async function execute(method: string, path: string, body?: unknown): Promise<[string, string]> {
    const block = operation(method, path);
    await block.locator('.opblock-summary-control').click();
    await block.locator('.try-out__btn').click();
    if (body !== undefined) await block.locator('.body-param__text').fill(JSON.stringify(body));
    await block.locator('.execute').click();
    const answer = block.locator('.live-responses-table tbody');
    await answer
      .locator('.response-col_status')
      .filter({ hasText: /^\d{3}/ })
      .first()
      .waitFor();
    const status = await answer.locator('.response-col_status').first().innerText();
    const text = await answer.innerText();
    await block.locator('.opblock-summary-control').click();
    return [status.slice(0, 3), text];
  }

  it('shows every operation, and lets a visitor try what one may before there is any user', async () => {
    expect(await page.title()).toBe('Sightline API');
    expect(await page.locator('.opblock').count()).toBe(Object.keys(OPERATIONS).length);
    const [status, body] = await execute('get', '/api/v1/cameras');
    expect(status).toBe('200');
    expect(body).toContain('"gate"');
    // The browser's own complaint about the refusal is the only one.
    expect(opened.problems).toEqual([]);
    expect((await execute('get', '/api/v1/users'))[0]).toBe('401');
    expect(opened.problems.splice(0)).toEqual([expect.stringContaining('401')]);
  }, 60_000);

  it('asks with the session of who is signed in, and may change something, since it is a page of the server', async () => {
    const { setupCode: code } = under.accounts;
    expect((await execute('post', '/api/v1/setup', { code, name: 'ada', password: PASSWORD }))[0]).toBe(
      '204',
    );
    expect(await execute('get', '/api/v1/me')).toEqual(['200', expect.stringContaining('"ada"')]);
    expect(await execute('post', '/api/v1/tokens', { name: 'made here' })).toEqual(['201', expect.stringContaining('slt_')]); // prettier-ignore
    expect(opened.problems).toEqual([]);
  }, 60_000);

  it('offers no try of the stream that has no end', async () => {
    const block = operation('get', '/api/v1/stream/sse');
    await block.locator('.opblock-summary-control').click();
    await block.locator('.responses-wrapper').waitFor();
    expect(await block.locator('.try-out__btn').count()).toBe(0);
  });

  it('asks nobody but this server', () => {
    expect(opened.addresses.length).toBeGreaterThan(6);
    expect(opened.addresses.filter((address) => !address.startsWith(`${under.server.url}/`))).toEqual([]);
  });
});
