import type { LookGroups, TrackView } from '../../../src/server/protocol.js';
import { texts } from '../texts.js';
import { trackNumber } from '../track-number.js';

function labelOf({ tracks }: LookGroups['groups'][number]): string {
  return tracks[0]?.track.label ?? '';
}

const colours: Readonly<Record<NonNullable<TrackView['colour']>, string>> = {
  black: 'black',
  grey: 'grey',
  white: 'white',
  red: 'red',
  orange: 'orange',
  yellow: 'yellow',
  green: 'green',
  blue: 'blue',
  purple: 'purple',
  brown: 'brown',
};

/** What the page of searches says. */
export const searchTexts = {
  filters: 'Filters',
  text: 'Text or plate',
  label: 'Label',
  zone: 'Zone',
  colour: 'Colour',
  colours,
  from: 'From',
  to: 'To',
  show: 'Show',
  objects: 'Objects',
  groups: 'Groups that look alike',
  picture: 'Search by picture',
  pictureHint: 'Drag over the object, so that it is searched for and not what is around it.',
  pictureUnreadable: 'This is no picture that the browser can read.',
  pictureChosen: 'Chosen picture, with the part that is searched for',
  drop: 'Do not search by it',
  likePicture: 'Looks like the picture',

  writtenOn: (text: string) => `“${text}”, or nearly so, is written on it`,
  newest: 'Newest objects',
  like: (track: TrackView) => `Looks like ${track.label} ${trackNumber(track.id)}`,
  likeUnknown: 'Looks like an object',
  empty: 'Nothing like this was seen.',
  noGroups: 'Nothing that looks alike was seen more than once.',
  more: 'More',
  nameOf: (track: TrackView) => `${track.label} ${trackNumber(track.id)}`,
  when: texts.itemTime,
  likeness: (score: number) => `${texts.percent(Math.max(0, score))} alike`,
  likenessHint: 'Cosine of how the two look. Clothes, colours and shapes: no faces.',
  moreLike: 'More like this',
  moreLikeOf: (track: TrackView) => `More like this: ${track.label} ${trackNumber(track.id)}`,
  traits: (colour: TrackView['colour'], zones: TrackView['zones']) =>
    [colour && colours[colour], zones && `in ${zones.join(', ')}`].filter(Boolean).join(', '),
  colourHint: 'Its main colour, by its best views',
  clip: 'Clip',
  clipOf: (track: TrackView) => `Clip of ${track.label} ${trackNumber(track.id)}`,
  classWord: (value: string, confidence: number) => `${value} ${texts.percent(confidence)}`,
  group: (group: LookGroups['groups'][number]) => `${labelOf(group)}, ${group.count} times`,
  groupSpan: (first: string, last: string) => `${texts.itemTime(first)} – ${texts.itemTime(last)}`,
  looked: ({ looked, isCut }: LookGroups) =>
    isCut ? `The newest ${looked} objects were compared.` : `${looked} objects were compared.`,
} as const;
