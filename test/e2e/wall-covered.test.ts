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
      `  ${id}: { source: "${path.resolve('streams/demo.mp4')}", analyse: { fps: 5 }${more} }\n`;
    const cameras = line('hall', ', redact: { labels: [person] }') + line('yard', '');
    [browser, served] = await Promise.all([launchBrowser(), Served.open(cameras)]);
  }, 150_000);
  afterAll(async () => {
    await browser.close();
    await served.close();
  }, 30_000);

  it('plays covered pictures of that camera, says so, and lays boxes over them', async () => {
    const { page, problems } = await openPage(browser, { viewport: { width: 1280, height: 760 } });
    await page.goto(served.url);
    const tile = page.locator('.tile[data-camera="hall"]');
    const shown = () =>
      page.evaluate<{ time: number; blackShare: number }>(
        `(() => {
          const video = document.querySelector('[data-camera=hall] video');
          const canvas = new OffscreenCanvas(160, 90);
          const context = canvas.getContext('2d');
          context.drawImage(video, 0, 0, 160, 90);
          const { data } = context.getImageData(0, 0, 160, 90);
          let black = 0;
          for (let at = 0; at < data.length; at += 4) if (data[at] + data[at + 1] + data[at + 2] < 12) black++;
          return { time: video.currentTime, blackShare: black / (160 * 90) };
        })()`,
      );
    const isLive = async () => (await tile.locator('.stage').getAttribute('data-live')) === 'true';
    // The engine loads its models first.
    await waitFor(isLive, { timeoutMs: 90_000, what: 'the covered picture' });
    expect(await tile.locator('.stage-remarks').innerText()).toContain('People are covered');
    const first = await shown();
    await waitFor(async () => (await shown()).time > first.time + 3, {
      timeoutMs: 30_000,
      what: 'it to go on',
    });
    // The demo has no black of its own.
    await waitFor(async () => (await shown()).blackShare > 0.002, {
      timeoutMs: 30_000,
      what: 'somebody who is covered',
    });
    expect((await shown()).blackShare).toBeLessThan(0.6);
    await waitFor(async () => (await page.evaluate("getComputedStyle(document.querySelector('[data-camera=hall] canvas')).visibility")) === 'visible', { timeoutMs: 30_000, what: 'boxes' }); // prettier-ignore
    // Again and again, as it is back within the two seconds in which a picture is still live.
    const isTold = async () =>
      /People cannot be covered/.test(await tile.locator('.stage-notice').innerText());
    await waitFor(async () => (served.killEngine(), isTold()), { timeoutMs: 30_000, what: 'the notice' });
    await waitFor(isLive, { timeoutMs: 60_000, what: 'the covered picture again' });
    expect(problems).toEqual([]);
    await page.context().close();
  }, 150_000);
});
