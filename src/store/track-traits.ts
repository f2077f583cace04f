import type { Colour } from '../frames/index.js';

/** What is known of a track besides its label, to be searched by. */
export interface TrackTraits {
  /** Name of a zone that it was in. */
  readonly zone?: string;
  readonly colour?: Colour;
}

/** Of a row that has the id of a track as `track`: whether that track was in a zone. */
export const IS_IN_ZONE =
  'EXISTS (SELECT 1 FROM tracks JOIN track_zones ON track_zones.seq = tracks.seq WHERE tracks.id = track AND zone = ?)';
/** Of the same: whether that track is of a colour. */
export const IS_OF_COLOUR = '(SELECT colour FROM tracks WHERE tracks.id = track) = ?';
