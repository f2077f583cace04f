import type { Accounts } from '../access/index.js';
import type { Clock, Log } from '../base/index.js';
import type { NumberedMessage } from '../events/index.js';
import type { Metrics } from '../metrics/index.js';
import type { LiveViewer } from '../live/index.js';
import type { CameraView, Readiness } from './protocol.js';

/** The stored past, as far as the server needs it; `store/`'s `Journal` is one. */
export interface JournalReader {
  readonly lastSeq: number;
  readonly firstSeq: number;
  read(options: { afterSeq: number; limit: number }): Promise<NumberedMessage[]>;
}

/** A camera's live pictures; `live/`'s `LiveFeed` is one. */
export interface LiveSource {
  addViewer(viewer: LiveViewer): { close(): void };
}

/** Everything that the server asks of the rest of Sightline. */
export interface ServerDependencies {
  cameras(): readonly CameraView[];
  camera(id: string): CameraView | undefined;
  /** The live pictures of a camera, or undefined when there is no such camera. */
  live(id: string): LiveSource | undefined;
  /** A camera's newest picture as a JPEG, at most `widthPx` wide, or undefined when there is no such camera. */
  snapshot(id: string, widthPx: number | undefined): Promise<Buffer> | undefined;
  readonly journal: JournalReader;
  readonly accounts: Accounts;
  readiness(): Readiness;
  readonly metrics: Pick<Metrics, 'wsClients' | 'wsDropped' | 'text'>;
  readonly clock: Clock;
  readonly log: Log;
}
