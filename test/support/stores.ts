import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from '@jest/globals';
import { silentLog, systemClock } from '../../src/base/index.js';
import { Store, type StoreOptions } from '../../src/store/index.js';
import { hasPostgres, PostgresServer } from './postgres.js';

/** A place for a store, new for each test, and the stores that were opened on it, which are closed after the test. */
export class StorePlace {
  readonly name: string;
  readonly isEmbedded: boolean;
  #options: Pick<StoreOptions, 'dataDir' | 'postgresUrl'> | undefined;
  readonly #opened: Store[] = [];

  constructor(name: string, isEmbedded: boolean) {
    this.name = name;
    this.isEmbedded = isEmbedded;
  }

  get dataDir(): string {
    return this.#options!.dataDir;
  }

  /** Of the database; the embedded store has none. */
  get postgresUrl(): string | undefined {
    return this.#options!.postgresUrl;
  }

  async open(more: Partial<StoreOptions> = {}): Promise<Store> {
    const store = await Store.open({ ...this.#options!, clock: systemClock, log: silentLog, ...more });
    this.#opened.push(store);
    return store;
  }

  begin(postgresUrl: string | undefined): void {
    this.#options = { dataDir: mkdtempSync(path.join(tmpdir(), 'sightline-store-')), postgresUrl };
  }

  async end(): Promise<void> {
    for (const store of this.#opened.splice(0)) await store.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Declares the same tests over the embedded store and, where a server can be started, over PostgreSQL. */
export function describeStores(body: (place: StorePlace) => void): void {
  describe('over the embedded database', () => {
    const place = new StorePlace('embedded', true);
    beforeEach(() => place.begin(undefined));
    afterEach(() => place.end());
    body(place);
  });
  (hasPostgres ? describe : describe.skip)('over PostgreSQL', () => {
    const place = new StorePlace('PostgreSQL', false);
    let server: PostgresServer;
    beforeAll(async () => (server = await PostgresServer.start()), 60_000);
    afterAll(() => server.stop());
    beforeEach(async () => place.begin(await server.createDatabase()));
    afterEach(() => place.end());
    body(place);
  });
}
