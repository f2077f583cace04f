import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';
import { Served } from '../support/served.js';
import { waitFor } from '../support/wait-for.js';

const describeWithChromium = hasChromium ? describe : describe.skip;

describeWithChromium('the wall, for somebody for whom people are covered', () => {
  let browser: Browser;
  let served: Served;

  beforeAll(async () => {
    const line = (id: string, more: string) =>
      `  ${id}: { source: "${path.resolve('streams/demo.mp4')}", analyse: { width: 64, fps: 1 }${more} }\n`;
    const cameras = line('hall', ', redact: { labels: [person] }') + line('yard', '');
    [browser, served] = await Promise.all([launchBrowser(), Served.open(cameras)]);
  }, 150_000);
  afterAll(async () => {
    await browser.close();
    await served.close();
  }, 30_000);

  it('shows covered stills, one after the other, and says so; asks for no live stream of that camera', async () => {
    const { page, problems } = await openPage(browser, { viewport: { width: 1280, height: 760 } });
    const feeds = new Set<string>();
    page.on('websocket', (socket) => feeds.add(new URL(socket.url()).pathname));
    await page.goto(served.url);
    const tile = page.locator('.tile[data-camera="hall"]');
    const shown = () =>
      page.evaluate<{ visibility: string; picture: string }>(
        `(() => { const canvas = document.querySelector('[data-camera=hall] canvas'); return { visibility: getComputedStyle(canvas).visibility, picture: canvas.toDataURL() }; })()`,
      );
    const isLive = async () => (await tile.locator('.stage').getAttribute('data-live')) === 'true';
    // The engine loads its models first.
    await waitFor(isLive, { timeoutMs: 90_000, what: 'a still' });
    expect(await tile.locator('.stage-remarks').innerText()).toContain(
      'People are covered: a still picture each second',
    );
    const first = await shown();
    expect(first.visibility).toBe('visible');
    await waitFor(async () => (await shown()).picture !== first.picture, {
      timeoutMs: 30_000,
      what: 'another still',
    });
    await waitFor(() => Promise.resolve(feeds.has('/api/v1/cameras/yard/live')), {
      timeoutMs: 30_000,
      what: 'the live stream of the other camera',
    });
    expect([...feeds]).not.toContain('/api/v1/cameras/hall/live');
    // Before the engine is there, pictures are refused.
    expect(problems.filter((problem) => !/status of 503/.test(problem))).toEqual([]);
    await page.context().close();
  }, 150_000);
});
