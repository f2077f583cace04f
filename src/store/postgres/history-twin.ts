import { noSuchEvent, pageOf, PRUNE_MAX, SEVERITIES } from '../history-table.js';
import { eventStatements } from './event-statements.js';
import type { Queryable } from './queryable.js';
import { trackStatements } from './track-statements.js';
import { addTrackZones } from './track-zones.js';
import type { TwinOf } from './twin.js';

/** Tracks and events as they are now. */
export function historyTwin(db: Queryable): TwinOf<'history'> {
  const tracks = trackStatements(db);
  const events = eventStatements(db);
  return {
    writes: {
      async mark(id, isMarked) {
        if ((await events.mark(id, isMarked)) === 0) throw noSuchEvent();
      },
      async review(id, review) {
        const json = review === undefined ? undefined : JSON.stringify(review);
        if ((await events.review(id, review?.verdict, json)) === 0) throw noSuchEvent();
      },
      addZones: (track, zones) => addTrackZones(db, [{ id: track, zones }]),
      setColour: (track, colour) => tracks.setColour(track, colour),
      async prune({ usual, cameras }) {
        const since = (camera: string) => (Object.hasOwn(cameras, camera) ? cameras[camera]! : usual);
        const ofTracks = (await tracks.cameras()).map((camera) => ({
          camera,
          sinceMs: since(camera).track,
        }));
        const ofEvents = (await events.cameras()).flatMap((camera) =>
          SEVERITIES.map((severity) => ({ camera, severity, sinceMs: since(camera)[severity] })),
        );
        const gone = await tracks.prune(ofTracks, PRUNE_MAX);
        return gone + (await events.prune(ofEvents, PRUNE_MAX - gone));
      },
    },
    reads: {
      tracks: async (query) => pageOf(await tracks.select(query), query.limit),
      track: (id) => tracks.one(id),
      paths: (ids) => tracks.paths(ids),
      events: async (query) => pageOf(await events.select(query), query.limit),
      event: (id) => events.one(id),
      open: async () => [...(await tracks.open()), ...(await events.open())],
    },
  };
}
