import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';
import { SquareServer } from './square-server.js';

const PASSWORD = 'lamp otter quartz seven';
const describeWithChromium = hasChromium ? describe : describe.skip;

/** In a browser in which an administrator has signed in, another site is open: `localhost` beside the server's `127.0.0.1`. */
describeWithChromium('a page of another site, in a browser that is signed in', () => {
  let browser: Browser;
  let server: SquareServer;
  let foreign: Server;
  let site: string;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    foreign = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>foreign</title><p>A page of somebody else.</p>');
    }).listen(0, 'localhost');
    await once(foreign, 'listening');
    site = `http://localhost:${(foreign.address() as AddressInfo).port}`;
    [browser, server] = await Promise.all([launchBrowser(), SquareServer.open()]);
    ({ page, problems } = await openPage(browser));
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Set up access' }).click();
    await page.getByLabel('Setup code').fill(server.setupCode!);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Password again').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByText('ada', { exact: true }).waitFor();
    await page.goto(site);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    foreign?.close();
  });

  /** In the foreign page: how a request to the server went, as far as that page is told. */
  const ask = (path: string, init: string) =>
    page.evaluate<string>(
      `fetch(${JSON.stringify(new URL(path, server.url).href)}, ${init}).then(({ type, status }) => type + ' ' + status, (error) => error.name)`,
    );
  /** With the session that the foreign page would borrow. */
  async function namesOf(kind: 'tokens' | 'users'): Promise<string[]> {
    const response = await page.context().request.get(new URL(`/api/v1/${kind}`, server.url).href);
    expect(response.status()).toBe(200);
    const answer = (await response.json()) as Record<string, { name: string }[]>;
    return answer[kind]!.map(({ name }) => name);
  }

  it('B2: cannot frame the dashboard, as it can another page', async () => {
    const framed = async (address: string) => {
      await page.evaluate(
        `new Promise((loaded) => { const frame = document.createElement('iframe'); frame.onload = loaded; frame.src = ${JSON.stringify(address)}; document.body.append(frame); })`,
      );
      return page.frames().at(-1)!.evaluate<string>('document.title');
    };
    expect(await framed(site)).toBe('foreign');
    expect(await framed(server.url)).not.toMatch(/Sightline/);
    expect(problems.join('\n')).toMatch(/frame-ancestors 'none'/);
  }, 60_000);

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'B3: cannot change anything by a form of %s',
    async (enctype) => {
      await page.goto(site);
      const [answer] = await Promise.all([
        page.waitForResponse((response) => response.url().endsWith('/api/v1/tokens')),
        page.waitForURL('**/api/v1/tokens'),
        page.evaluate(
          `(() => { const form = document.createElement('form'); form.method = 'post'; form.enctype = ${JSON.stringify(enctype)}; form.action = ${JSON.stringify(new URL('/api/v1/tokens', server.url).href)};` +
            ` const field = document.createElement('input'); field.name = '{"name":"stolen","x":"'; field.value = '"}'; form.append(field); document.body.append(form); form.submit(); })()`,
        ),
      ]);
      expect([401, 403]).toContain(answer.status());
      expect(await namesOf('tokens')).toEqual([]);
      await page.goto(site);
    },
    60_000,
  );

  it('B3: cannot change anything by a simple request, nor show a picture', async () => {
    await ask('/api/v1/users', `{ method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"name":"eve","password":"lamp otter quartz eight","role":"admin"}' }`); // prettier-ignore
    expect(await namesOf('users')).toEqual(['ada']);
    const shown = await page.evaluate<boolean>(
      `new Promise((said) => { const image = new Image(); image.onload = () => said(true); image.onerror = () => said(false); image.src = ${JSON.stringify(new URL('/api/v1/cameras/square/snapshot.jpg', server.url).href)}; })`,
    );
    expect(shown).toBe(false);
  }, 60_000);

  it('B4: is not told an answer, and its JSON never goes beyond the preflight', async () => {
    expect(await ask('/api/v1/cameras', `{ credentials: 'include' }`)).toBe('TypeError');
    const body = `{ method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{"name":"stolen"}' }`;
    expect(await ask('/api/v1/tokens', body)).toBe('TypeError');
    expect(await namesOf('tokens')).toEqual([]);
    expect(problems.join('\n')).toMatch(/blocked by CORS policy: Response to preflight request/);
  }, 60_000);

  it('cannot listen to what happens: its socket is refused', async () => {
    const opened = await page.evaluate<string>(
      `new Promise((said) => { const socket = new WebSocket(${JSON.stringify(new URL('/api/v1/stream', server.url).href.replace(/^http/, 'ws'))}); socket.onopen = () => said('open'); socket.onerror = () => said('refused'); })`,
    );
    expect(opened).toBe('refused');
  }, 60_000);

  it('takes nothing from the session, which still works on the server’s own page', async () => {
    await page.goto(server.url);
    await page.getByText('ada', { exact: true }).waitFor();
    const own = await page.evaluate<number>(
      `fetch('/api/v1/tokens', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"own","role":"viewer"}' }).then(({ status }) => status)`,
    );
    expect(own).toBe(201);
    expect(await namesOf('tokens')).toEqual(['own']);
  }, 60_000);
});
