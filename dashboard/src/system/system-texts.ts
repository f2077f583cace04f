import type { AuditRecordView, HostFacts } from '../../../src/server/protocol.js';
import { bytesText, spanText } from './quantities.js';

const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const ROLES: Readonly<Record<string, string>> = {
  viewer: 'Viewer',
  operator: 'Operator',
  admin: 'Administrator',
};

/** Everything that the pages of the system say. */
export const systemTexts = {
  title: 'System',
  sections: 'Parts of the system',
  overview: 'Overview',
  users: 'Users',
  tokens: 'Tokens',
  account: 'Your account',
  audit: 'Audit log',

  ready: 'Everything works',
  notReady: 'Something is missing',
  capacity: 'Capacity',
  processors: 'Processors',
  processorsUsed: (count: number, busy: number | undefined) =>
    busy === undefined
      ? `${count} in this machine`
      : `${Math.round(busy * 100)}\u202f% of ${count} busy, ${Math.round((1 - busy) * 100)}\u202f% left`,
  memory: 'Memory',
  disk: 'Disk',
  usedOf: (used: number, total: number) =>
    `${bytesText(used)} of ${bytesText(total)} used, ${bytesText(total - used)} left`,
  diskReserve: (reserve: number) => `${bytesText(reserve)} are kept free`,
  diskUnknown: 'This system does not tell',
  analysis: 'Analysis',
  analysed: (fps: number, wanted: number) =>
    `${fps.toFixed(1)} pictures a second of ${wanted.toFixed(1)} wanted at most`,
  analysisHint:
    'Where nothing moves, fewer are looked at. Less than wanted while much moves: this machine is full.',
  workers: (count: number) => (count === 1 ? '1 worker' : `${count} workers`),
  kept: 'What is kept',
  store: 'Database',
  storeKind: (kind: string, bytes: number | undefined) =>
    kind === 'postgresql' ? 'PostgreSQL' : `In the data folder, ${bytesText(bytes ?? 0)}`,
  pictures: 'Pictures',
  picturesUsed: (bytes: number, most: number) => `${bytesText(bytes)} of ${bytesText(most)}`,
  recordings: 'Recordings',
  recorded: (bytes: number, segments: number) =>
    segments === 0 ? 'None' : `${bytesText(bytes)} in ${segments} files`,
  eventsKept: 'Events',
  tracksKept: 'Tracks',
  auditKept: 'Audit log',
  days: (days: number) => (days === 1 ? '1 day' : `${days} days`),
  eventsDays: ({ infoDays, warningDays, alertDays }: HostFacts['retention']) =>
    infoDays === warningDays && warningDays === alertDays
      ? `${infoDays} days; marked ones stay`
      : `${infoDays} days, warnings ${warningDays}, alerts ${alertDays}; marked ones stay`,
  messages: 'Messages',
  messagesKept: (first: number, last: number) =>
    last < first ? 'None yet' : `${last - first + 1}, the newest is number ${last}`,
  server: 'Server',
  version: 'Version',
  runningSince: 'Running',
  running: (seconds: number, iso: string) =>
    `${spanText(seconds)}, since ${dateAndTime.format(Date.parse(iso))}`,
  engine: 'Engine',
  engineState: (state: string, restarts: number) =>
    restarts === 0 ? state : `${state}, restarted ${restarts === 1 ? 'once' : `${restarts} times`}`,
  ffmpeg: 'FFmpeg',
  ffmpegMissing: 'Not found yet',
  node: 'Node.js',
  clients: 'Connected pages and programs',

  userAdd: 'Add a user',
  userName: 'Name',
  userNameHint: 'Small letters, digits and . _ @ -',
  role: 'Role',
  roleWord: (role: string) => (Object.hasOwn(ROLES, role) ? ROLES[role]! : role),
  roleHint: 'Viewers look; operators also export, label and steer; administrators do everything.',
  cameras: 'Cameras',
  allCameras: 'All cameras',
  theseCameras: 'These only',
  camerasOf: (cameras: '*' | readonly string[]) =>
    cameras === '*' ? 'All' : cameras.length === 0 ? 'None' : cameras.join(', '),
  adminSeesAll: 'Administrators see all cameras.',
  noCamerasYet: 'There is no camera yet.',
  since: 'Since',
  day: (iso: string) => dateAndTime.format(Date.parse(iso)),
  moment: (iso: string) => exact.format(Date.parse(iso)),
  noUsers: 'There is no user.',
  signsInAt: (issuer: string) => `signs in at ${issuer}`,
  you: 'you',
  change: 'Change',
  changeOf: (name: string) => `Change ${name}`,
  remove: 'Delete',
  removeOf: (name: string) => `Delete ${name}`,
  removeUser: (name: string) =>
    `All sessions and tokens of ${name} end at once. What ${name} did stays in the audit log.`,
  newPassword: 'New password',
  newPasswordHint:
    'Leave it empty to keep the one there is. A new one ends all sessions and tokens of this user.',

  tokenMake: 'Make a token',
  tokensHint: 'Programs send one as the header “Authorization: Bearer …”.',
  tokenName: 'Name',
  tokenNameHint: 'Of the program that has it',
  expires: 'Expires',
  never: 'never',
  expiresAfter: 'Days until it expires',
  expiresHint: 'Empty: never',
  scope: 'May do',
  scopeAll: 'All that its role may',
  scopeSome: 'These only',
  scopeOf: (only: readonly string[] | undefined) =>
    only === undefined ? 'All of its role' : only.join(', '),
  owner: 'Made by',
  commandLine: 'command line',
  noTokens: 'There is no token.',
  secretTitle: 'The token’s secret',
  secretOnce: 'Copy it now: it is not kept, and cannot be shown again.',
  copy: 'Copy',
  copied: 'Copied',
  done: 'Done',
  revoke: 'Revoke',
  revokeOf: (name: string) => `Revoke ${name}`,
  revokeToken: (name: string) => `Programs that use the token ${name} are refused at once.`,

  passwordChange: 'Change your password',
  passwordNow: 'Password now',
  passwordNext: 'New password',
  passwordAgain: 'New password again',
  passwordsDiffer: 'The two new passwords differ.',
  passwordChanged: 'The password is changed. You are signed in here alone.',
  sessions: 'Where you are signed in',
  address: 'Address',
  lastSeen: 'Last used',
  here: 'this one',
  end: 'End',
  endOf: (agent: string) => `End the session of ${agent}`,
  noSessions: 'Nowhere.',

  auditHint: 'Who signed in, looked, took away and changed, the newest first.',
  time: 'Time',
  who: 'Who',
  what: 'What',
  detail: 'Detail',
  older: 'Older',
  newest: 'Newest',
  noEntries: 'There are no entries.',
  check: 'Check the chain',
  checking: 'Checking',
  whole: (entries: number) =>
    `${entries === 1 ? 'The one entry is' : `All ${entries} entries are`} as they were written.`,
  broken: (seq: number) => `Entry ${seq} is not what it was: the log has been changed from there on.`,
  head: 'Hash of the last entry. Kept elsewhere, it shows later that nothing up to it was changed:',
  about: ({ target, detail }: AuditRecordView) => [target, detail].filter((part) => part !== '').join(' · '),
} as const;
