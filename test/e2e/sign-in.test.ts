import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';
import { SquareServer } from './square-server.js';

const PASSWORD = 'lamp otter quartz seven';
const describeWithChromium = hasChromium ? describe : describe.skip;

/** One after the other, on one server. */
describeWithChromium('the page for somebody who is not known', () => {
  let browser: Browser;
  let server: SquareServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), SquareServer.open()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  /** Types into one field after the other, as somebody without a mouse does. */
  async function type(page: Page, ...texts: string[]): Promise<void> {
    for (const [at, text] of texts.entries()) {
      if (at > 0) await page.keyboard.press('Tab');
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
  }

  it('lets a visitor look until the first administrator is made, and nobody after that without signing in', async () => {
    const { page: visitor } = await openPage(browser);
    await visitor.goto(server.url);
    await visitor.locator('.camera').first().waitFor();

    const { page, problems } = await openPage(browser);
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Set up access' }).click();
    await type(page, 'AAAA-AAAA-AAAA', 'ada', PASSWORD, PASSWORD);
    await page.getByRole('alert').getByText('not the setup code').waitFor();
    await page.getByLabel('Setup code').fill(server.setupCode!);
    await page.keyboard.press('Enter');
    await page.getByText('ada', { exact: true }).waitFor();
    await page.getByRole('heading', { name: 'Add a camera' }).waitFor();
    await page.getByRole('link', { name: 'Live' }).click();
    await page.locator('.camera').first().waitFor();

    // The visitor's page finds itself at the door, by itself.
    await visitor.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await visitor.locator('.camera').count()).toBe(0);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await type(page, 'ada', 'not the password');
    await page.getByRole('alert').getByText('is wrong').waitFor();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('.camera').first().waitFor();
    expect(await page.evaluate<string>('document.cookie')).toBe('');
    // The two refusals are the only thing that the browser has to complain about.
    expect(problems.filter((problem) => !/status of 40[13]/.test(problem))).toEqual([]);
    for (const one of [page, visitor]) await one.context().close();
  }, 90_000);

  it('asks the server once however often the form is sent, says that it is away, and can be sent again', async () => {
    const { page, addresses } = await openPage(browser);
    await page.goto(server.url);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.route('**/api/v1/login', (route) => route.abort());
    await page.evaluate('[1, 2].forEach(() => document.forms[0].requestSubmit())');
    await page.getByRole('alert').getByText('The server does not answer').waitFor();
    expect(addresses.filter((address) => address.endsWith('/login'))).toHaveLength(1);
    await page.unroute('**/api/v1/login');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('ada', { exact: true }).waitFor();
    await page.context().close();
  }, 60_000);
});
