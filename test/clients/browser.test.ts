import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { range, ServerUnderTest, status } from '../server/server-under-test.js';
import { hasChromium, launchBrowser, openPage } from '../support/browser.js';

const withBrowser = hasChromium ? it : it.skip;

let under: ServerUnderTest;
beforeEach(async () => {
  under = await ServerUnderTest.open();
});
afterEach(() => under.tearDown());

withBrowser(
  'the client reads REST and the event stream in a page of the server, under its content security policy',
  async () => {
    const bundle = await build({
      entryPoints: ['clients/typescript/src/index.ts'],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'sightline',
      platform: 'browser',
    });
    await under.tell(...range(1, 5).map(() => status('before')));
    const browser = await launchBrowser();
    try {
      const { page, problems } = await openPage(browser);
      await page.goto(under.server.url);
      const following = page.evaluate(`${bundle.outputFiles[0]!.text}; (async () => {
        const client = new sightline.SightlineClient({ url: location.origin });
        const { data } = await client.rest.GET('/api/v1/cameras');
        const seqs = [];
        for await (const { seq } of client.follow({ since: 0 })) if (seqs.push(seq) === 8) break;
        return { cameras: data.cameras.map(({ id }) => id), seqs };
      })()`);
      await under.tell(...range(1, 3).map(() => status('live')));
      expect(await following).toEqual({ cameras: ['gate'], seqs: range(1, 8) });
      // The page of this test has no icon.
      expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
    } finally {
      await browser.close();
    }
  },
  60_000,
);
