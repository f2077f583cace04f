import type { Database } from 'libsql';
import type { TrackTraits } from './track-traits.js';

const LOOKS_OF_TRACKS = 'CROSS JOIN looks ON looks.track = tracks.id';

/** Which looks are of tracks with these traits: their ids; undefined where no trait is asked for. */
export function lookTraitStatements(connection: Database) {
  const inZone = connection.prepare(
    `SELECT json_group_array(looks.id) AS ids FROM track_zones CROSS JOIN tracks ON tracks.seq = track_zones.seq ${LOOKS_OF_TRACKS}
     WHERE track_zones.zone = ? AND (? IS NULL OR tracks.colour = ?)`,
  );
  const ofColour = connection.prepare(
    `SELECT json_group_array(looks.id) AS ids FROM tracks INDEXED BY tracks_by_colour ${LOOKS_OF_TRACKS}
     WHERE tracks.colour = ? AND tracks.merged_into IS NULL`,
  );
  return ({ zone, colour }: TrackTraits): readonly number[] | undefined => {
    if (zone === undefined && colour === undefined) return undefined;
    const asked =
      zone === undefined ? ofColour.get([colour]) : inZone.get([zone, colour ?? null, colour ?? null]);
    return JSON.parse((asked as { ids: string }).ids) as number[];
  };
}
