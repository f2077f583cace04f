import type { EventView } from '../../../src/server/protocol.js';
import { texts } from '../texts.js';
import { SEVERITIES } from '../timeline/timeline-texts.js';

const TYPES = [
  ...([
    'enter',
    'leave',
    'inside',
    'loiter',
    'line',
    'occupancy',
    'crowding',
    'wrong-way',
    'stopped',
  ] as const),
  ...([
    'abandoned',
    'removed',
    'speed',
    'light',
    'health',
    'offline',
    'text',
    'classifier',
    'sequence',
    'absence',
    'repeated',
  ] as const),
];
const ENDINGS: Readonly<Record<string, string>> = {
  over: 'over',
  lost: 'its object was not seen any more',
  merged: 'it was another object’s',
  renamed: 'its object is something else',
  schedule: 'the schedule ended',
  stream: 'the connection or the analysis broke off',
  config: 'the rule was changed',
};
const VERDICTS = { true: 'True', 'false alarm': 'False alarm' } as const;

function durationOf({ event: { startedAt, endedAt } }: EventView): string | undefined {
  if (endedAt === undefined) return undefined;
  const seconds = Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
  if (seconds < 1) return undefined;
  if (seconds < 120) return `${seconds}\u202fs`;
  return seconds < 7200 ? `${Math.round(seconds / 60)}\u202fmin` : `${(seconds / 3600).toFixed(1)}\u202fh`;
}

/** What the pages of events say. */
export const eventTexts = {
  filters: 'Filters',
  moreFilters: (set: number) => (set === 0 ? 'More filters' : `More filters (${set})`),
  rule: 'Rule',
  type: 'Type',
  label: 'Label',
  zone: 'Zone or line',
  severity: 'Severity',
  marked: 'Kept',
  verdict: 'Verdict',
  from: 'From',
  to: 'To',
  types: TYPES.map((type) => [type, type] as const),
  severities: Object.entries(SEVERITIES),
  showWhole: 'It is over: show all of it',
  severityWord: (severity: EventView['event']['severity']) => SEVERITIES[severity],
  markings: [
    ['true', 'Kept'],
    ['false', 'Not kept'],
  ] as const,
  verdicts: Object.entries(VERDICTS),
  verdictWord: (verdict: keyof typeof VERDICTS) => VERDICTS[verdict],

  list: 'Events',
  empty: 'No event of this kind.',
  new: (count: number, isMore: boolean) => `${count}${isMore ? '+' : ''} new`,
  more: 'More',
  end: 'That is all.',
  lasts: 'going on',
  duration: durationOf,
  nameOf: ({ event: { rule, label } }: EventView) =>
    label === undefined ? rule.name : `${rule.name} · ${label}`,
  camera: (id: string) => (id === '*' ? 'Several cameras' : id),
  when: texts.itemTime,
  picture: (view: EventView) => `Picture of ${view.event.rule.name}`,

  back: 'All events',
  facts: 'What is known',
  cameraWord: 'Camera',
  gone: 'There is no event here. It was never there, or is older than what is kept.',
  clip: (view: EventView) => `Clip of ${view.event.rule.name}`,
  noClip: 'An event of several cameras has no clip of its own: see those that it was made from.',
  mayNotSee: 'You may not see recordings.',
  started: 'Began',
  ended: 'Ended',
  ending: (ending: string) => (Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending]! : ending),
  value: 'Measured',
  model: 'Detector',
  madeFrom: 'Made from',
  event: 'Event',
  tracks: 'Objects',
  noTracks: 'This event is about no object.',
  trackOf: (label: string, number: string) => `${label} ${number}`,
  score: texts.percent,
  similar: 'More like this',
  actions: 'Keep and take along',
  keep: 'Keep',
  kept: 'Kept',
  keepHint: 'A kept event and its picture are never deleted.',
  download: 'Download clip',
  downloadExact: 'Exactly cut',
  downloadHint:
    'By copy it begins at the picture before that the camera can be joined at; exactly cut it is encoded anew.',
  judge: 'Was it so?',
  isTrue: 'True',
  isFalse: 'False alarm',
  comment: 'Comment',
  saveComment: 'Save comment',
  said: (by: string, at: string) => `Said by ${by}, ${texts.itemTime(at)}`,
  teach: 'Let a classifier learn from it',
  teachHint:
    'Its picture becomes an example, from which the classifier learns when it is trained the next time.',
  teachAs: 'It shows',
  teachDo: 'Add as example',
  taught: (classifier: string, of: string) => `${classifier} has it as an example of ${of} now.`,
  classifier: 'Classifier',
} as const;
