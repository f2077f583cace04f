import { Accounts } from '../access/index.js';
import type { Clock, Log } from '../base/index.js';
import type { Config } from '../config/index.js';
import type { Store } from '../store/index.js';

/**
 * The accounts that a store keeps. The store is closed where they cannot be opened: nobody else has it then.
 *
 * @throws what `Accounts.open` throws
 */
export async function openAccounts(
  store: Store,
  { data, access }: Pick<Config, 'data' | 'access'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<Accounts> {
  const table = store.table('access');
  try {
    return await Accounts.open({ table, dataDir: data.dir, oidc: access.oidc, clock, log });
  } catch (error) {
    await store.close();
    throw error;
  }
}
