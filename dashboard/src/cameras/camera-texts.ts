const REGIMES: Readonly<Record<string, string>> = {
  low: 'Low light',
  day: 'Daylight',
  infrared: 'Infrared',
  backlit: 'Against the light',
  flash: 'A flash',
};
const METHODS: Readonly<Record<string, string>> = {
  gamma: 'gamma',
  log: 'a logarithmic curve',
  equalise: 'equalised brightness',
  clahe: 'CLAHE',
  'grey-world': 'grey world',
  'shades-of-grey': 'shades of grey',
  denoise: 'less noise',
  balanced: 'balanced brightness',
};

/** What the page of a camera says. */
export const cameraTexts = {
  cameras: 'Cameras',
  unknown: (id: string) => `There is no camera ${id}. It was removed, or is switched off.`,
  actions: 'What to do with this camera',
  remove: 'Remove camera',
  removeTitle: (id: string) => `Remove camera ${id}`,
  removeSure:
    'Its connection ends, and its zones and rules go. What was recorded and told stays for as long as it is kept.',
  configFault: (fault: string) => `Its zones and rules cannot be read: ${fault}`,
  latest: 'Latest events',
  noneLatest: 'None yet.',
  light: 'Light',
  regime: 'Kind',
  regimeWord: (regime: string) => REGIMES[regime] ?? regime,
  brightness: 'Mean brightness',
  percent: (share: number) => `${Math.round(share * 100)}\u202f%`,
  normalised: 'The detector sees it',
  isNormalised: 'in another light',
  isNotNormalised: 'as it is',
  evidence: 'Would another help?',
  noEvidence: 'None is tried now.',
  trial: ({ method, samples, gain }: { method: string; samples: number; gain: number }) => {
    const name = METHODS[method] ?? method;
    const share = `${Math.abs(Math.round(gain * 100))}\u202f%`;
    const found = gain >= 0.005 ? `${share} more` : gain <= -0.005 ? `${share} less` : 'no more';
    const count = Math.round(samples);
    return `With ${name} it finds ${found}, in ${count} ${count === 1 ? 'comparison' : 'comparisons'}.`;
  },
} as const;
