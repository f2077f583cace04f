// A child process of journal.test.ts: appends without end and prints each number once its append resolved.
import { writeSync } from 'node:fs';
import { createLog, systemClock } from '../../dist/base/index.js';
import { Store } from '../../dist/store/index.js';

const { journal } = await Store.open({
  dataDir: process.argv[2],
  clock: systemClock,
  log: createLog('error'),
});
const message = {
  v: 1,
  type: 'camera.status',
  camera: 'gate',
  time: new Date(0).toISOString(),
  status: { state: 'live', transcoded: false },
};
/** A full pipe refuses: its reader is behind. */
function say(line) {
  for (;;)
    try {
      return writeSync(1, line);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
}
const lanes = Number(process.argv[3]);
// Several lanes, so that commits carry more than one message.
for (let lane = 0; lane < lanes; lane++) {
  void (async () => {
    for (let n = 0; ; n++) {
      const { seq } = await journal.append({
        ...message,
        status: { ...message.status, reason: `${lane}/${n}` },
      });
      say(`${seq} ${lane}/${n}\n`);
    }
  })();
}
