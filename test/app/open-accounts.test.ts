import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAccounts } from '../../src/app/open-accounts.js';
import { silentLog, systemClock } from '../../src/base/index.js';
import { demoConfig } from '../../src/config/index.js';
import { Store } from '../../src/store/index.js';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'sightline-accounts-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

describe('accounts that cannot be opened', () => {
  it('leave the data folder to the next who opens it', async () => {
    const shared = { clock: systemClock, log: silentLog };
    // Where the setup code is to be written there is a folder that is not empty.
    const code = path.join(dataDir, 'setup-code');
    await mkdir(code);
    await writeFile(path.join(code, 'file'), '');
    const config = { ...demoConfig({}), data: { ...demoConfig({}).data, dir: dataDir } };
    const store = await Store.open({ dataDir, ...shared });
    await expect(openAccounts(store, config, shared)).rejects.toThrow('setup-code');

    await rm(code, { recursive: true });
    const again = await Store.open({ dataDir, ...shared });
    const accounts = await openAccounts(again, config, shared);
    expect(accounts.setupCode).toMatch(/-/);
    await accounts.close();
    await again.close();
  });
});
