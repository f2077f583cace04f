import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';
import { SquareServer } from './square-server.js';

const EVIL = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
const describeWithChromium = hasChromium ? describe : describe.skip;

describeWithChromium('the page', () => {
  let browser: Browser;
  let server: SquareServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), SquareServer.open()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it('B1: shows labels and reasons that are markup as the text that they are', async () => {
    const { page, problems } = await openPage(browser);
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => void dialogs.push(dialog.message()));
    await page.goto(server.url);
    await page.locator('.camera').first().waitFor();
    await server.tell({
      v: 1,
      type: 'track.started',
      camera: 'square',
      time: new Date().toISOString(),
      epoch: 1,
      ptsMs: 0,
      frame: { width: 640, height: 360 },
      track: { id: 'square-e2e-9', label: EVIL, score: 0.8, box: [0, 0, 9, 9] },
      model: EVIL,
    });
    await server.setState('reconnecting', EVIL);
    await page.getByText('<img src=x').first().waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.evaluate<string>('document.title')).not.toBe('owned');
    expect([dialogs, problems.filter((problem) => /security policy|owned/i.test(problem))]).toEqual([[], []]);
    await page.context().close();
  }, 60_000);
});
