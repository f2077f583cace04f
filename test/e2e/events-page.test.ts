import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { percentile } from '../../dashboard/src/live/percentile.js';
import type { EventView } from '../../src/server/protocol.js';
import { probeFile } from '../recording/recorded.js';
import { axeFindings } from '../support/axe.js';
import { hasChromium, launchBrowser, openPage, type WatchedPage } from '../support/browser.js';
import { SQUARE_PICTURE } from '../support/fmp4-source.js';
import { waitFor } from '../support/wait-for.js';
import { samplePictures, type Edges } from './in-page.js';
import { tellEvent, tellVisit } from './square-history.js';
import { SquareServer } from './square-server.js';

const FRAME_MS = 1000 / SQUARE_PICTURE.fps;
/** How far the square goes in one picture at most, px: to the side. */
const FRAME_PX = 4.8;
const PASSWORD = 'lamp otter quartz seven';
const EVIL = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
const describeWithChromium = hasChromium ? describe : describe.skip;

let browser: Browser;
let server: SquareServer;
let cookies: { name: string; value: string; url: string }[] = [];

/** A page of somebody who may keep and judge events. */
async function openEvents(hash = '#/events', options = {}): Promise<WatchedPage> {
  const watched = await openPage(browser, { viewport: { width: 1280, height: 800 }, ...options });
  await watched.page.context().addCookies(cookies);
  await watched.page.goto(server.url + hash);
  return watched;
}
const rows = (page: Page) => page.locator('.event');
const addressOf = (page: Page) => page.evaluate<string>('decodeURIComponent(location.hash)');
/** A player that seeks gives up the answer that it was reading; a canvas complains of being read by the test. */
const real = (problems: readonly string[]) =>
  problems.filter((one) => !/net::ERR_ABORTED$|willReadFrequently/.test(one));
const until = (what: string, condition: () => Promise<boolean>) =>
  waitFor(condition, { timeoutMs: 30_000, what });
const frameOf = async (page: Page) =>
  Number(/(\d+) of \d+/.exec(await page.locator('.clip-frame').innerText())?.[1]);

beforeAll(async () => {
  if (!hasChromium) return;
  [browser, server] = await Promise.all([launchBrowser(), SquareServer.open({ records: true })]);
  const response = await fetch(new URL('/api/v1/setup', server.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(server.url).origin },
    body: JSON.stringify({ code: server.setupCode, name: 'ada', password: PASSWORD }),
  });
  cookies = response.headers.getSetCookie().map((cookie) => {
    const [name = '', value = ''] = cookie.split(';')[0]!.split('=');
    return { name, value, url: server.url };
  });
  for (let at = 70; at > 0; at--)
    await tellEvent(server, `e${at}`, at * 600, {
      ...(at % 10 === 0 && { severity: 'alert', label: 'car' }),
      ...(at % 7 === 0 && { rule: { name: 'waits', type: 'loiter', version: '1' } }),
    });
  await tellVisit(server, 'visit', 8);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

describeWithChromium('the page of events', () => {
  it('lists events newest first and page by page, and keeps its filters in the address over a reload', async () => {
    const { page, problems } = await openEvents();
    await rows(page).nth(49).waitFor();
    expect(await rows(page).first().getAttribute('href')).toContain('#/events/visit');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await until('all events', async () => (await rows(page).count()) === 71);

    await page.getByLabel('Severity').selectOption('alert');
    await until('the alerts', async () => (await rows(page).count()) === 7);
    await page.getByLabel('Label').fill('car');
    await page.keyboard.press('Enter');
    expect(await addressOf(page)).toBe('#/events?severity=alert&label=car');
    await page.reload();
    await until('the alerts again', async () => (await rows(page).count()) === 7);
    expect(await page.getByLabel('Severity').inputValue()).toBe('alert');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await until('all of them', async () => (await rows(page).count()) === 50);
    expect(await addressOf(page)).toBe('#/events');
    expect(real(problems)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('lets new ones wait while the list is read, and moves nothing', async () => {
    const { page, problems } = await openEvents();
    const read = rows(page).nth(20);
    await read.waitFor();
    await read.scrollIntoViewIfNeeded();
    await page.evaluate('scrollBy(0, 200)');
    const [before, words] = [await read.boundingBox(), await read.innerText()];
    for (const id of ['new1', 'new2', 'new3']) await tellEvent(server, id, 0);
    const button = page.getByRole('button', { name: '3 new' });
    await button.waitFor();
    expect((await button.boundingBox())!.y).toBeGreaterThanOrEqual(0);
    expect([await read.boundingBox(), await read.innerText()]).toEqual([before, words]);
    await button.click();
    await until('the newest on top', async () =>
      (await rows(page).first().getAttribute('href'))!.includes('new3'),
    );
    expect(real(problems)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('goes on with its list where a page of it could not be had', async () => {
    const { page } = await openEvents();
    await rows(page).nth(49).waitFor();
    await page.route(/\/api\/v1\/events\?.*label=person/, (route) => route.abort());
    await page.getByLabel('Label').fill('person');
    await page.keyboard.press('Enter');
    await page.getByText('The server does not answer').waitFor();
    await page.mouse.move(0, 0);
    await page.evaluate('document.activeElement.blur()');
    await tellEvent(server, 'after-fault', 0, { label: 'person' });
    await until('the new one', async () =>
      (await rows(page).first().getAttribute('href'))!.includes('after-fault'),
    );
    await page.context().close();
  }, 60_000);

  it('asks for no more than the newest recordings while time goes on, and still draws what happens', async () => {
    const watched = await openPage(browser, { viewport: { width: 1280, height: 800 } });
    const { page } = watched;
    await page.context().addCookies(cookies);
    await page.clock.install();
    const asked: URL[] = [];
    page.on('response', (response) => {
      const url = new URL(response.url());
      const isTimeline = url.pathname.endsWith('/events') && url.searchParams.get('limit') === '500';
      if (isTimeline || url.pathname.endsWith('/recordings')) asked.push(url);
    });
    await page.goto(`${server.url}/#/events`);
    // The events, and the recordings of three cameras.
    await until('the timeline', () => Promise.resolve(asked.length === 4));
    const picture = () => page.evaluate<string>("document.querySelector('.timeline canvas').toDataURL()");
    await page.clock.fastForward(11_000);
    await until('the newest recordings', () => Promise.resolve(asked.length === 7));
    const edges = asked.slice(4).map(({ pathname, searchParams }) => {
      const [from, to] = ['from', 'to'].map((name) => Date.parse(searchParams.get(name)!));
      return [pathname, to! - from! < 180_000];
    });
    expect(edges).toEqual(Array.from({ length: 3 }, () => ['/api/v1/recordings', true]));
    const before = await picture();
    await tellEvent(server, 'drawn', 3600);
    await until('another picture of the timeline', async () => (await picture()) !== before);
    await page.context().close();
  }, 60_000);

  it('moves and zooms its timeline by keyboard, which narrows the list to that time', async () => {
    const { page, problems } = await openEvents();
    const timeline = page.getByRole('application');
    await rows(page).first().waitFor();
    await timeline.focus();
    for (let at = 0; at < 6; at++) await page.keyboard.press('+');
    await until('the time in the address', async () => (await addressOf(page)).includes('from='));
    await page.keyboard.press('ArrowLeft');
    const filtersOf = async () => new URLSearchParams((await addressOf(page)).split('?')[1]);
    // The address follows the keys a moment later, and has an end already when now has moved on meanwhile.
    await until('six steps nearer, with an end', async () => {
      const filters = await filtersOf();
      const [fromMs, toMs] = ['from', 'to'].map((name) => Date.parse(filters.get(name) ?? ''));
      return Math.abs((toMs! - fromMs!) / 3600_000 - 24 / 1.6 ** 6) < 0.05;
    });
    await until('the list of that time', async () => {
      const address = `${server.url}/api/v1/events?${(await filtersOf()).toString()}`;
      const { events } = (await (await page.context().request.get(address)).json()) as {
        events: EventView[];
      };
      return (await rows(page).count()) === events.length;
    });
    expect(real(problems)).toEqual([]);
    await page.context().close();
  }, 60_000);
});

describeWithChromium('the page of one event', () => {
  it('plays its clip with the boxes of its tracks on the very pictures, and steps by one picture', async () => {
    const { page, problems } = await openEvents('#/events/visit');
    const player = page.getByRole('group', { name: 'Clip of someone' });
    await until('the first picture', async () => (await frameOf(page)) === 1);
    // So slowly that a busy machine shows every picture.
    await player.getByLabel('Speed').selectOption('0.25');
    await page.getByLabel('Place in the clip').fill('6000');
    await player.focus();
    await page.keyboard.press(' ');
    const samples = await page.evaluate(samplePictures, 60);
    const pairs = samples.flatMap(({ square, box }) =>
      square === undefined || box === undefined ? [] : [{ square, box }],
    );
    expect(new Set(samples.map(({ square }) => square?.x1)).size).toBeGreaterThan(40);
    expect(pairs.length).toBeGreaterThan(40);
    const centreOf = ({ x1, x2 }: Edges) => (x1 + x2) / 2;
    const asides = pairs.map(({ square, box }) => Math.abs(centreOf(square) - centreOf(box)));
    process.stdout.write(`boxes on clips, px aside: p50 ${percentile(asides, 0.5)!.toFixed(2)}, p95 ${percentile(asides, 0.95)!.toFixed(2)}, ${FRAME_PX} a picture\n`); // prettier-ignore
    expect(percentile(asides, 0.95)).toBeLessThanOrEqual(FRAME_PX);

    await page.getByRole('button', { name: 'Pause' }).click();
    const mediaTime = () => page.evaluate<number>('document.querySelector("video").currentTime');
    await until('it to stand', async () => {
      const at = await mediaTime();
      await page.evaluate('new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))');
      return at === (await mediaTime());
    });
    const at = await frameOf(page);
    await player.focus();
    const [began, steps] = [await mediaTime(), [1, 2, 3, 2, 1, 0, -1]];
    for (const [index, wanted] of steps.entries()) {
      await page.keyboard.press(index < 3 ? '.' : ',');
      await until(`picture ${at + wanted}`, async () => (await frameOf(page)) === at + wanted);
    }
    expect(Math.abs(began - FRAME_MS / 1000 - (await mediaTime()))).toBeLessThan(FRAME_MS / 1000);
    expect(real(problems)).toEqual([]);
    await page.context().close();
  }, 90_000);

  it('keeps it, and takes a verdict with a comment that outlives a reload and is found by', async () => {
    const { page, problems } = await openEvents('#/events/visit?rule=someone');
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByRole('button', { name: 'Kept' }).waitFor();
    await page.getByRole('button', { name: 'False alarm' }).click();
    await page.locator('button[aria-pressed=true]', { hasText: 'False alarm' }).waitFor();
    await page.getByLabel('Comment').fill('a plastic bag');
    await page.getByRole('button', { name: 'Save comment' }).click();
    await page.getByText('Said by ada').waitFor();
    await page.reload();
    await page.locator('button[aria-pressed=true]', { hasText: 'False alarm' }).waitFor();
    expect(await page.getByLabel('Comment').inputValue()).toBe('a plastic bag');
    await page.getByRole('link', { name: 'All events' }).click();
    expect(await addressOf(page)).toBe('#/events?rule=someone');
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByLabel('Verdict').selectOption('false alarm');
    await until('the one', async () => (await rows(page).count()) === 1);
    expect(await rows(page).innerText()).toMatch(/Kept[\s\S]*False alarm/);
    expect(real(problems)).toEqual([]);
    await page.context().close();
  }, 60_000);

  it('gives its clip to take along, as a file that ffprobe takes without a complaint', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'sightline-export-'));
    try {
      const { page } = await openEvents('#/events/visit');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download clip' }).click(),
      ]);
      const file = path.join(dir, download.suggestedFilename());
      await download.saveAs(file);
      const { complaints, seconds, frames } = await probeFile(file);
      expect(complaints).toBe('');
      expect(seconds).toBeGreaterThan(6);
      expect(frames).toBe(Math.round(seconds * SQUARE_PICTURE.fps));
      await page.context().close();
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }, 60_000);

  it('B1: shows names, labels and comments that are markup as the text that they are', async () => {
    const rule = { name: EVIL, type: 'inside', version: '1' };
    await tellEvent(server, 'evil', 0, { rule, label: EVIL, zone: EVIL });
    const { page, problems } = await openEvents();
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => void dialogs.push(dialog.message()));
    await page.getByText('<img src=x').first().click();
    await page.getByLabel('Comment').fill(EVIL);
    await page.getByRole('button', { name: 'Save comment' }).click();
    await page.getByText('Said by ada').waitFor();
    await page.reload();
    await page.getByText('Said by ada').waitFor();
    await page.getByRole('link', { name: 'All events' }).click();
    await rows(page).first().waitFor();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    expect(await page.evaluate<string>('document.title')).toBe('Events · Sightline');
    expect([dialogs, problems.filter((one) => /security policy|owned/i.test(one))]).toEqual([[], []]);
    await page.context().close();
  }, 60_000);
});

describeWithChromium('axe finds nothing', () => {
  it.each([
    ['in light', { colorScheme: 'light' }],
    ['in the dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 } }],
  ])(
    'on the pages of events %s',
    async (_, options) => {
      const { page } = await openEvents('#/events?label=car', options);
      await rows(page).nth(6).waitFor();
      await page.getByRole('button', { name: 'More filters' }).click();
      expect(await axeFindings(page)).toEqual([]);
      await page.goto(`${server.url}#/events/visit`);
      await until('the first picture', async () => (await frameOf(page)) === 1);
      expect(await axeFindings(page)).toEqual([]);
      await page.context().close();
    },
    120_000,
  );
});
