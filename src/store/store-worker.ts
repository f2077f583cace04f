/** Entry file of the store's threads: see `messages.ts` for what they are told and answer, `tables.ts` for what they can do. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, encodeError, messageOf } from '../base/index.js';
import type { FromStore, StoreThreadData, ToStore } from './messages.js';
import { StoreDatabase } from './store-database.js';
import { TABLES, type Methods, type Table } from './tables.js';

const port = parentPort;
if (port === null) throw new Error('store-worker.js runs as a worker thread only');
const answer = (message: FromStore) => port.postMessage(message);
const data = workerData as StoreThreadData;

function call(database: StoreDatabase, tables: Map<string, Table>, message: ToStore & { type: 'call' }) {
  const { table, method, args } = message;
  const of = tables.get(table)!;
  const methods: Methods = data.role === 'writer' ? of.writes : of.reads;
  const run = () => methods[method]!(...(args as never[]));
  return data.role === 'writer' ? database.transaction(run) : run();
}

/** What SQLite says where the disk, and not what was asked, is at fault: the same may succeed later. */
const DISK_REFUSES = /^SQLITE_(IOERR|FULL|CANTOPEN|READONLY|BUSY)/;

function failure(cause: unknown, table: string): AppError {
  if (cause instanceof AppError) return cause;
  const code = String((cause as { code?: unknown }).code);
  const cure = code.startsWith('SQLITE_CORRUPT')
    ? 'the database is damaged: look at the health of the disk of data.dir, stop the server and run "sightline data repair"'
    : 'look at the free space and the health of the disk of data.dir';
  const why = `(${messageOf(cause)}): ${cure}`;
  const written = DISK_REFUSES.test(code) ? 'store/disk-refuses' : 'store/write-failed';
  return data.role === 'writer'
    ? new AppError(written, 'unavailable', `the ${table} could not be written ${why}`, { cause })
    : new AppError('store/read-failed', 'unavailable', `the ${table} could not be read ${why}`, { cause });
}

try {
  const database = StoreDatabase.open(data);
  const tables = new Map<string, Table>(
    Object.entries(TABLES).map(([name, make]) => [name, make(database, data)]),
  );
  port.on('message', (message: ToStore) => {
    const { id } = message;
    if (message.type === 'close') {
      database.close();
      answer({ type: 'closed', id });
      port.close();
      return;
    }
    try {
      answer({ type: 'result', id, value: call(database, tables, message) });
    } catch (cause) {
      answer({ type: 'failed', id, error: encodeError(failure(cause, message.table)) });
    }
  });
  answer({ type: 'ready' });
} catch (error) {
  answer({ type: 'refused', error: encodeError(error) });
  port.close();
}
