import type { Log } from '../base/index.js';
import type { DurableMessage, EventMessage, TrackMessage } from '../events/index.js';
import type { Store } from '../store/index.js';

/**
 * After a crash: tells the end of every track and event that was under way, so that each beginning has its end also for those who count
 * them. When they ended nobody saw; they are said to have done so with the last message that was stored.
 */
export async function endWhatWasLeftOpen(store: Store, log: Log): Promise<void> {
  const { journal } = store;
  const open = await store.table('history').read('open');
  if (open.length === 0) return;
  const [last] = await journal.read({ afterSeq: journal.lastSeq - 1, limit: 1 });
  const endings = open.map((body) => ending(JSON.parse(body) as TrackMessage | EventMessage, last?.time));
  await Promise.all(endings.map((message) => journal.append(message)));
  log.warn(
    { count: endings.length },
    'tracks and events that were under way when the server died have been ended',
  );
}

function ending(message: TrackMessage | EventMessage, lastTime = message.time): DurableMessage {
  const time = lastTime > message.time ? lastTime : message.time;
  if (!('event' in message)) {
    const { v, camera, epoch, ptsMs, frame, track, model } = message;
    return { v, type: 'track.ended', camera, time, epoch, ptsMs, frame, track, model };
  }
  const { before: _before, ...facts } = message;
  return {
    ...facts,
    type: 'event.ended',
    time,
    event: { ...message.event, endedAt: time, ending: 'stream' },
  };
}
