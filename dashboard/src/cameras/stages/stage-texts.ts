const NAMES: Readonly<Record<string, string>> = {
  decode: 'Decode',
  queue: 'Wait',
  detect: 'Detect',
  follow: 'Follow',
  mask: 'Masks',
  track: 'Track',
  total: 'In all',
  received: 'Received',
  decoded: 'Decoded',
  analysed: 'Analysed',
  replaced: 'A newer one came',
  'link-full': 'Engine behind',
  'decoder-behind': 'Decoder behind',
  'inference-failed': 'Detector failed',
  'slow-viewer': 'Slow viewer',
};

/** What the charts of a camera say. */
export const stageTexts = {
  title: 'Frames',
  span: 'last ten minutes',
  nothing: 'No frame has come in the last ten minutes.',
  latency: 'Latency of 95 % of the frames',
  flow: 'Frames',
  drops: 'Frames given up',
  perSecond: '/s',
  noLatency: 'No frame was analysed.',
  noFlow: 'No frame has come yet.',
  noDrops: 'None.',
  nameOf: (name: string) => NAMES[name] ?? name,
  latest: (name: string, value: number, unit: string) => `${name} ${value.toFixed(1)}\u202f${unit}`,
} as const;
