import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';
import { RealIssuer } from '../support/oidc/real-issuer.js';
import { SquareServer } from './square-server.js';

const SECRET = 'the-client-secret';
const describeWithChromium = hasChromium ? describe : describe.skip;

describeWithChromium('the page, where a provider of OpenID Connect is configured', () => {
  let browser: Browser;
  let issuer: RealIssuer;
  let server: SquareServer;
  beforeAll(async () => {
    issuer = await RealIssuer.open({ clientSecret: SECRET, redirectUris: () => [`${server.url}/`] });
    const oidc = {
      ...{ name: 'Company', issuer: issuer.url, clientId: 'sightline', clientSecret: SECRET },
      ...{ scopes: ['profile', 'groups'], nameClaim: 'preferred_username', rolesClaim: 'groups' },
      cameras: '*',
      roles: { admin: ['owners'], operator: ['guards'], viewer: [] },
    } as const;
    [browser, server] = await Promise.all([launchBrowser(), SquareServer.open({ oidc })]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await issuer.close();
  });

  /** Goes to the provider, signs in there, agrees, and is back. */
  async function signInAs(page: Page, login: string): Promise<void> {
    await page.getByRole('button', { name: 'Sign in with Company' }).click();
    await page.waitForURL(/localhost/);
    await page.locator('[name=login]').fill(login);
    await page.locator('[name=password]').fill('any');
    await page.locator('[type=submit]').click();
    await page.locator('[type=submit]').click();
    await page.waitForURL(`${server.url}/`);
  }

  it('lets the first administrator in, then guards, and nobody without a role; the code leaves the address', async () => {
    const { page: first } = await openPage(browser);
    await first.goto(server.url);
    await first.getByRole('button', { name: 'Set up access' }).click();
    await signInAs(first, 'root-1');
    await first.getByText('root', { exact: true }).waitFor();
    await first.locator('.camera').first().waitFor();

    const { page, problems } = await openPage(browser);
    await page.goto(server.url);
    await signInAs(page, 'ada-1');
    await page.getByText('ada', { exact: true }).waitFor();
    await page.locator('.camera').first().waitFor();
    expect(await page.evaluate<string>('location.href')).toBe(`${server.url}/`);
    expect(await page.evaluate<string>('document.cookie')).toBe('');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(problems.filter((problem) => problem.includes(server.url))).toEqual([]);

    const { page: third } = await openPage(browser);
    await third.goto(server.url);
    await signInAs(third, 'eve-1');
    await third.getByRole('alert').getByText('gives you no role here').waitFor();
    expect(await third.locator('.camera').count()).toBe(0);
    for (const one of [first, page, third]) await one.context().close();
  }, 120_000);
});
