import type { CameraView, EngineHealthView, EventMessage, FrameObject } from '../../src/server/protocol.js';
import type { RecentItem } from './stream/recent.js';

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const clockAndDay = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const DAY_MS = 86_400_000;

/** Time of day; with the day when it was longer ago. */
function timeOf(ms: number): string {
  return (Date.now() - ms < DAY_MS / 2 ? clock : clockAndDay).format(ms);
}

const STATES: Readonly<Record<string, string>> = {
  live: 'Live',
  connecting: 'Connecting',
  waiting: 'Waits for a webcam',
  stalled: 'Frozen',
  reconnecting: 'Reconnecting',
  auth_failed: 'Password refused',
  not_found: 'Not found',
  redirect_refused: 'Redirect refused',
  dns_failed: 'Unknown address',
  unsupported: 'Not a video',
  ffmpeg_missing: 'FFmpeg missing',
  ended: 'Ended',
  stopped: 'Stopped',
};

const FAULTS: Readonly<Record<string, string>> = {
  blocked: 'Blocked',
  blurred: 'Out of focus',
  moved: 'Moved',
  frozen: 'Same picture again and again',
  'infrared-failed': 'Infrared lamps failed',
  'signal-lost': 'No pictures',
};

function faultWord(fault: string): string {
  return (Object.hasOwn(FAULTS, fault) ? FAULTS[fault] : undefined) ?? fault;
}

const CODECS: Readonly<Record<string, string>> = {
  avc1: 'H.264',
  avc3: 'H.264',
  hvc1: 'H.265',
  hev1: 'H.265',
  av01: 'AV1',
};

function stateWord(state: string): string {
  return (Object.hasOwn(STATES, state) ? STATES[state] : undefined) ?? state;
}

/** `avc1.64001e` as people know it; anything else as it came. */
function codecName(codec: string): string {
  const name = codec.split('.')[0] ?? '';
  return (Object.hasOwn(CODECS, name) ? CODECS[name] : undefined) ?? codec;
}

/** `video/mp4; codecs="hvc1.1.6.L93.B0"` by the name of its codec. */
function codecOfMime(mime: string): string {
  return codecName(/codecs="([^",]+)/.exec(mime)?.[1] ?? mime);
}

function happened(item: RecentItem): { readonly what: string; readonly detail: string } {
  switch (item.type) {
    case 'track.started':
      return { what: `${item.track.label} appeared`, detail: percent(item.track.score) };
    case 'track.ended':
      return { what: `${item.track.label} left`, detail: '' };
    case 'track.merged':
      return { what: `${item.track.label} seen before`, detail: 'one count less' };
    case 'track.renamed':
      return { what: `${item.was.label} is a ${item.track.label}`, detail: '' };
    case 'track.classified':
      return { what: `${item.track.label}: ${item.class.value}`, detail: percent(item.class.confidence) };
    case 'text.read':
      return { what: `${item.track.label}: ${item.text.value}`, detail: percent(item.text.confidence) };
    case 'event.started':
    case 'event.updated':
    case 'event.ended':
      return { what: item.event.rule.name, detail: eventDetail(item) };
    case 'camera.status':
      return { what: stateWord(item.status.state), detail: item.status.reason ?? '' };
    case 'config.changed':
      return { what: 'Configuration changed', detail: '' };
    case 'gap':
      return {
        what: 'Some messages are gone',
        detail: `${item.from} to ${item.to} are no longer kept by the server`,
      };
  }
}

const EVENT_WORDS = { 'event.started': 'began', 'event.updated': 'changed', 'event.ended': 'over' } as const;

function eventDetail({ type, event: { label, value } }: EventMessage): string {
  return [EVENT_WORDS[type], label, ...valueWords(value)].filter((part) => part !== undefined).join(' · ');
}

/** What an event measured, in words. */
function valueWords(value: EventMessage['event']['value']): string[] {
  const seconds = value?.seconds === undefined ? undefined : `${Math.round(value.seconds)}\u202fs`;
  const count = value?.count === undefined ? undefined : String(value.count);
  const kmh = value?.kmh === undefined ? undefined : `${Math.round(value.kmh)}\u202fkm/h`;
  const fault = value?.fault === undefined ? undefined : faultWord(value.fault);
  return [value?.class?.value, fault, value?.text, value?.direction, count, kmh, seconds].filter(
    (part) => part !== undefined,
  );
}

function percent(share: number): string {
  // A narrow space that does not break.
  return `${Math.round(share * 100)}\u202f%`;
}

/** Everything the dashboard says, in one place. */
export const texts = {
  name: 'Sightline',
  skip: 'Skip to the page',
  ways: 'Pages',
  pageTitle: (title: string) => `${title} · Sightline`,
  live: 'Live',
  events: 'Events',
  search: 'Search',
  classifiers: 'Classifiers',
  models: 'Models',
  system: 'System',
  yourAccount: (name: string) => `${name}: your account`,

  loading: 'Loading',
  tryAgain: 'Try again',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  saving: 'Saving',
  reload: 'Reload',
  pageMissing: 'This page could not be fetched. The server may have been updated.',
  answerUnreadable: (status: number) => `The server answered with status ${status}, without a word why.`,

  serverConnected: 'Connected',
  serverConnecting: 'Connecting to the server',
  serverLost: (sinceMs: number) => `No connection to the server since ${timeOf(sinceMs)}`,

  signInTitle: 'Sign in',
  signIn: 'Sign in',
  signInWith: (name: string) => `Sign in with ${name}`,
  signOut: 'Sign out',
  userName: 'Name',
  password: 'Password',
  passwordAgain: 'Password again',
  passwordHint: 'At least 12 characters. Four words that do not belong together are easy to keep.',
  passwordsDiffer: 'The two passwords differ.',
  setupTitle: 'Make the first administrator',
  setupHint:
    'The setup code stands on the console of the server, and in the file setup-code of its data folder.',
  setupCode: 'Setup code',
  setUp: 'Create and sign in',
  setUpAccess: 'Set up access',
  later: 'Later',
  serverAway: 'The server does not answer. Try again in a moment.',

  cameras: 'Cameras',
  cameraCount: (live: number, total: number) => `${live} of ${total} live`,
  noCameras: 'There is no camera yet.',
  firstCamera: 'Add the first one',
  loadingCameras: 'Loading the cameras',
  stateWord,
  since: (iso: string) => `since ${timeOf(Date.parse(iso))}`,
  fpsShort: ({ fps }: CameraView) => (fps === undefined ? '' : `${fps.toFixed(0)} fps`),

  livePicture: (camera: string) => `Live picture of camera ${camera}`,
  picture: 'Picture',
  codec: 'Codec',
  streamFps: 'Stream',
  analysedFps: 'Analysed',
  reconnects: 'Reconnects',
  fault: 'Fault',
  faults: (faults: CameraView['health']['faults']) =>
    faults.map(({ fault, since }) => `${faultWord(fault)}, since ${timeOf(Date.parse(since))}`).join('; '),
  pictureSize: (width: number, height: number) => `${width} × ${height}`,
  codecName: (codec: string, transcoded: boolean) =>
    transcoded ? `${codecName(codec)}, transcoded` : codecName(codec),
  fps: (fps: number) => `${fps.toFixed(1)} fps`,
  unknown: '–',

  waiting: 'Waiting for pictures',
  stale: (sinceMs: number) => `No new pictures since ${timeOf(sinceMs)}`,
  late: (sinceMs: number) => `Pictures come late since ${timeOf(sinceMs)}`,
  lateBy: (lateMs: number) =>
    `${Math.round(lateMs / 1000)}\u202fs behind: the server, the network or this computer is too slow for this video`,
  stillInstead: (mime: string) => `${texts.unsupported(mime)}: a still picture each second instead`,
  peopleCovered: 'People are covered',
  engineAway: ({ since, reason }: EngineHealthView) =>
    `No analysis since ${timeOf(Date.parse(since))}${reason === undefined ? '' : ` (${reason})`}: pictures are live, boxes come back by themselves`,
  coveringAway: ({ since, reason }: EngineHealthView) =>
    `People cannot be covered while nothing is analysed, since ${timeOf(Date.parse(since))}${reason === undefined ? '' : ` (${reason})`}`,
  cameraDown: ({ state, since }: CameraView) => `${stateWord(state)} since ${timeOf(Date.parse(since))}`,
  unsupported: (mime: string) => `This browser cannot play ${codecOfMime(mime)}`,

  recent: 'Latest',
  recentEmpty: 'Nothing has happened yet.',
  recentWaiting: (count: number, isMore: boolean) =>
    count === 1 ? '1 new' : `${count}${isMore ? '+' : ''} new`,
  happened,
  itemTime: (iso: string) => timeOf(Date.parse(iso)),
  valueWords,
  percent,

  /** On a box. */
  tag: ({ label, score, track, text }: FrameObject, hasScore: boolean) =>
    [hasScore ? `${label} ${percent(score)}` : label, text?.value, String(track)]
      .filter((part) => part !== undefined)
      .join(hasScore || text !== undefined ? ' · ' : ' '),

  debug: 'Sync details',
} as const;
