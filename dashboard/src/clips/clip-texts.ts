const clock = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 1,
  hourCycle: 'h23',
});

/** What the player of clips says. */
export const clipTexts = {
  play: 'Play',
  pause: 'Pause',
  back: 'One picture back',
  on: 'One picture on',
  place: 'Place in the clip',
  rate: 'Speed',
  times: (rate: number) => `${rate}×`,
  boxes: 'Boxes',
  moment: (wallMs: number) => clock.format(wallMs),
  seconds: (ms: number) => `${(ms / 1000).toFixed(1)}\u202fs`,
  frame: (at: number, count: number) => `${at + 1} of ${count}`,
  gaps: (count: number) =>
    count === 1
      ? 'Not everything was recorded: the clip jumps once.'
      : `Not everything was recorded: the clip jumps ${count} times.`,
  loading: 'Fetching the clip',
  unplayable: 'This browser cannot play the clip. Download it to see it elsewhere.',
  keys: 'Space plays, comma and full stop step',
} as const;
