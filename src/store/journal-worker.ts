/** Entry file of the journal's worker thread: see `messages.ts` for what it is told and answers. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, encodeError, messageOf } from '../base/index.js';
import { JournalDatabase } from './journal-database.js';
import type { FromJournal, JournalWorkerData, ToJournal } from './messages.js';

const port = parentPort;
if (port === null) throw new Error('journal-worker.js runs as a worker thread only');
const answer = (message: FromJournal) => port.postMessage(message);

function handle(database: JournalDatabase, message: ToJournal): void {
  const { id } = message;
  switch (message.type) {
    case 'append': {
      const firstOfBatch = database.append(message.rows);
      answer({ type: 'appended', id, firstOfBatch, state: database.state });
      break;
    }
    case 'read':
      answer({ type: 'rows', id, rows: database.read(message.afterSeq, message.limit) });
      break;
    case 'close':
      database.close();
      answer({ type: 'closed', id });
      port?.close();
      break;
  }
}

try {
  const database = JournalDatabase.open(workerData as JournalWorkerData);
  port.on('message', (message: ToJournal) => {
    try {
      handle(database, message);
    } catch (cause) {
      const why = `(${messageOf(cause)}): look at the free space and the health of the disk of data.dir`;
      const error =
        message.type === 'read'
          ? new AppError('store/read-failed', 'unavailable', `the journal could not read ${why}`)
          : new AppError('store/write-failed', 'unavailable', `the journal could not write ${why}`);
      answer({ type: 'failed', id: message.id, error: encodeError(error) });
    }
  });
  answer({ type: 'ready', state: database.state });
} catch (error) {
  answer({ type: 'refused', error: encodeError(error) });
  port.close();
}
