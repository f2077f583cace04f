import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { ModelList } from '../../src/app/model-list.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import type { Config } from '../../src/config/index.js';
import { entryFor } from '../catalogue/entries.js';
import { MirrorServer } from '../catalogue/mirror-server.js';
import { axeFindings } from '../support/axe.js';
import { hasChromium, launchBrowser, openPage, type WatchedPage } from '../support/browser.js';
import { waitFor } from '../support/wait-for.js';
import { SquareServer } from './square-server.js';

const describeWithChromium = hasChromium ? describe : describe.skip;
const content = randomBytes(4_000_000);
const lynx = entryFor(content);
const bound = entryFor(content, { file: 'bound.onnx' }, { name: 'bound-s', licence: 'AGPL-3.0' });
const lost = entryFor(content, { file: 'lost.onnx' }, { name: 'lost-s' });

describeWithChromium('the page of models', () => {
  let browser: Browser;
  let server: SquareServer;
  let mirror: MirrorServer;
  let models: ModelList;
  let watched: WatchedPage;
  let page: Page;
  const cacheDir = mkdtempSync(path.join(tmpdir(), 'sightline-models-page-'));

  beforeAll(async () => {
    mirror = await MirrorServer.open();
    models = new ModelList({
      states: () => new Map(),
      config: () => ({ models: [], cameras: [] }) as unknown as Config,
      env: { SIGHTLINE_CACHE_DIR: cacheDir, SIGHTLINE_MODEL_MIRROR: mirror.url },
      clock: systemClock,
      log: silentLog,
      onPulled: () => undefined,
      readCatalogue: () => Promise.resolve(new Map([lynx, bound, lost].map((entry) => [entry.name, entry]))),
    });
    [browser, server] = await Promise.all([launchBrowser(), SquareServer.open({ models })]);
    watched = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    page = watched.page;
    const headers = { origin: new URL(server.url).origin };
    const data = { code: server.setupCode, name: 'ada', password: 'lamp otter quartz seven' };
    expect((await page.request.post(`${server.url}/api/v1/setup`, { data, headers })).ok()).toBe(true);
    await page.goto(`${server.url}/#/models`);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await models?.close();
    await mirror?.close();
    rmSync(cacheDir, { recursive: true, force: true });
  });

  const row = (name: string): Locator => page.getByRole('row').filter({ hasText: name });
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('pulls a model by a button, shows how much has come, and that it is here at the end', async () => {
    let answer: ServerResponse | undefined;
    mirror.on('/lynx_s.onnx', (_request, response) => {
      answer = response;
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 1_000_000));
    });
    await button('Pull lynx-s').click();
    const bar = page.getByRole('progressbar', { name: 'Pulling lynx-s' });
    await row('lynx-s').getByText('1.0 of 4.0').waitFor();
    expect([await bar.getAttribute('value'), await bar.getAttribute('max')]).toEqual(['1000000', '4000000']);
    answer!.write(content.subarray(1_000_000, 3_000_000));
    await row('lynx-s').getByText('3.0 of 4.0').waitFor();
    expect(await bar.getAttribute('value')).toBe('3000000');
    answer!.end(content.subarray(3_000_000));
    await row('lynx-s').getByText('Here', { exact: true }).waitFor();
    expect(await button('Pull lynx-s').count()).toBe(0);
    expect(watched.problems).toEqual([]);
  }, 60_000);

  it('stops a pull', async () => {
    mirror.on('/lost.onnx', (_request, response) => {
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 1_000_000));
    });
    await button('Pull lost-s').click();
    await row('lost-s').getByText('1.0 of 4.0').waitFor();
    await button('Cancel the pull of lost-s').click();
    await button('Pull lost-s').waitFor();
    expect(watched.problems).toEqual([]);
  }, 60_000);

  it('asks to accept a licence that binds, and pulls nothing before', async () => {
    mirror.deliver('/bound.onnx', content);
    await button('Pull bound-s').click();
    const dialog = page.getByRole('dialog', { name: 'Accept AGPL-3.0?' });
    await dialog.getByRole('button', { name: 'Pull' }).click();
    expect(mirror.requests.filter((one) => one.path === '/bound.onnx')).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByLabel('I have read AGPL-3.0 and accept it').check();
    await dialog.getByRole('button', { name: 'Pull' }).click();
    await dialog.waitFor({ state: 'detached' });
    await row('bound-s').getByText('Here', { exact: true }).waitFor();
    expect(watched.problems).toEqual([]);
  }, 60_000);

  it.each([
    ['in light', { colorScheme: 'light', viewport: { width: 1280, height: 800 } }],
    ['in the dark, on a phone', { colorScheme: 'dark', viewport: { width: 390, height: 844 } }],
  ] as const)(
    'says why a pull failed and what to do, to everyone’s eyes %s',
    async (_, options) => {
      mirror.on('/lost.onnx', (_request, response) => void response.writeHead(403).end());
      await page.setViewportSize(options.viewport);
      await page.emulateMedia({ colorScheme: options.colorScheme });
      await page.getByRole('button', { name: /^Pull( again:)? lost-s$/ }).click();
      const fault = row('lost-s').getByRole('alert');
      await fault.filter({ hasText: 'HTTP status 403' }).waitFor();
      expect(await fault.innerText()).toMatch(/^It could not be pulled\. .* By hand: fetch https:.*SHA-256/s);
      expect(await axeFindings(page)).toEqual([]);
      const overflowPx = () =>
        page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      await waitFor(async () => (await overflowPx()) <= 0, { timeoutMs: 10_000, what: 'a page as wide as the window' }); // prettier-ignore
      expect(watched.problems).toEqual([]);
    },
    60_000,
  );

  it('has no button for who may not pull', async () => {
    const headers = { origin: new URL(server.url).origin };
    const viewer = { name: 'vera', password: 'violet kettle seven moons', role: 'viewer' };
    const made = await page.request.post(`${server.url}/api/v1/users`, { data: { ...viewer, cameras: '*' }, headers }); // prettier-ignore
    expect([made.status(), await made.text()]).toEqual([201, expect.anything()]);
    const other = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    const { name, password } = viewer;
    await other.page.request.post(`${server.url}/api/v1/login`, { data: { name, password }, headers });
    await other.page.goto(`${server.url}/#/models`);
    await other.page.getByRole('row').filter({ hasText: 'lost-s' }).waitFor();
    expect(await other.page.getByRole('button', { name: /pull/i }).count()).toBe(0);
    await other.page.context().close();
  }, 60_000);
});
