import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** The browser that the tests drive; what needs it is skipped by name where it is absent. */
const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Whether there is a browser to test with: Debian's `chromium`, or another by `CHROMIUM_PATH`. */
export const hasChromium = existsSync(chromiumPath);

/** Starts a headless browser that does nothing of its own accord. `more`: further switches of Chromium. */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });
}

/** A page, and all that went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors (violations of the content security policy among them), exceptions, and failed requests. */
  readonly problems: string[];
  /** Every address that was asked for, WebSockets included. */
  readonly addresses: string[];
}

/** Opens a page of its own context, without cache or cookies. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  const addresses: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // What the page itself gives up, since nobody looks at it any longer, is no fault.
    if (why !== 'net::ERR_ABORTED') problems.push(`${request.url()}: ${why}`);
  });
  page.on('request', (request) => addresses.push(request.url()));
  page.on('websocket', (socket) => addresses.push(socket.url()));
  return { page, problems, addresses };
}
