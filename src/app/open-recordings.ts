import type { Clock, Log } from '../base/index.js';
import { DEFAULT_RECORD, type Config } from '../config/index.js';
import type { Ffmpeg } from '../media/index.js';
import type { Metrics } from '../metrics/index.js';
import { Recordings, segmentIndexOf } from '../recording/index.js';
import type { Store } from '../store/index.js';

/** What recordings need of the application. */
interface RecordingNeeds {
  /** The one in force when it is asked. */
  readonly config: () => Config;
  readonly store: Store;
  readonly ffmpeg: () => Promise<Ffmpeg>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** Recordings as the configuration wants them kept; those of cameras that it no longer has stay as long as is usual. */
export function openRecordings({ config, store, ...needs }: RecordingNeeds): Promise<Recordings> {
  return Recordings.open({
    ...needs,
    places: config().recording,
    index: segmentIndexOf(store),
    keepOf: (id) => {
      const camera = config().cameras.find((one) => one.id === id);
      const { keepMs, keepEventMs, bytesMax } = camera?.record ?? DEFAULT_RECORD;
      return { routineMs: keepMs, eventMs: keepEventMs, ...(bytesMax === undefined ? {} : { bytesMax }) };
    },
  });
}
