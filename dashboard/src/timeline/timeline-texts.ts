const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(undefined, { hourCycle: 'h23', ...options });
const day = format({ weekday: 'short', day: 'numeric', month: 'short' });
const minute = format({ hour: '2-digit', minute: '2-digit' });
const second = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const moment = format({
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** How much an event matters, in words. */
export const SEVERITIES = { info: 'Info', warning: 'Warning', alert: 'Alert' } as const;

const REASONS: Readonly<Record<string, string>> = {
  'camera-lost': 'not recorded: the camera was gone',
  'server-stopped': 'not recorded: the server did not run, or was not asked to record',
  'disk-too-slow': 'not recorded: the disk was too slow',
  'disk-refused': 'not recorded: the disk was full or failed',
  deleted: 'deleted',
};

/** What the timeline says. */
export const timelineTexts = {
  title: 'Timeline',
  what: (cameras: number) =>
    `Events and recordings of ${cameras === 1 ? 'one camera' : `${cameras} cameras`} over time. Left and right move it, plus and minus zoom, Home goes to now. The list below has the same events.`,
  tick: (ms: number, tells: 'day' | 'minute' | 'second') => ({ day, minute, second })[tells].format(ms),
  span: (fromMs: number, toMs: number) => `${moment.format(fromMs)} – ${moment.format(toMs)}`,
  moment: (ms: number) => moment.format(ms),
  recorded: 'recorded',
  reason: (reason: string) => (Object.hasOwn(REASONS, reason) ? REASONS[reason]! : reason),
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  earlier: 'Earlier',
  later: 'Later',
  ranges: [
    ['Hour', 3600_000],
    ['Day', 24 * 3600_000],
    ['Week', 7 * 24 * 3600_000],
  ] as const,
  last: (word: string) => `Last ${word.toLowerCase()}`,
  cut: (count: number) => `The newest ${count} events of this time are drawn. Zoom in to see the others.`,
  noCamera: 'There is no camera to show.',
  severities: SEVERITIES,
  legendRecorded: 'Recorded',
} as const;
