const WORDS: Readonly<Record<string, string>> = {
  off: 'Nothing',
  continuous: 'Everything',
  events: 'The time around events',
  tracks: 'The time around every object',
  mask: 'Which pixels of its box an object is',
  text: 'What is written on it',
};
const LIGHT: Readonly<Record<string, string>> = {
  off: 'As it is',
  auto: 'Automatic',
};

/** What the settings of a camera say. */
export const settingsTexts = {
  open: 'Settings',
  title: (camera: string) => `Settings of ${camera}`,
  rest: 'All else is set in the configuration file. What is left empty is as usual.',
  conflict:
    'Somebody else has changed the configuration meanwhile, and nothing was saved. What you entered is kept. Save again.',
  word: (key: string, value: string) => (key === 'analyse.light' ? LIGHT[value] : WORDS[value]) ?? value,
  groups: { camera: 'Camera', record: 'Recording', analyse: 'Analysis' },
  fields: {
    name: 'What people call it',
    nameHint: 'Its id where this is empty.',
    mode: 'What is recorded',
    modeHint: 'As it comes: nothing is encoded anew.',
    preRoll: 'Before an event',
    postRoll: 'After its end',
    keep: 'Without an event it is kept for',
    keepEvent: 'With an event it is kept for',
    most: 'Most that it may take',
    fps: 'Pictures looked at a second, at most',
    width: 'Longer side of the picture that is looked at',
    detect: 'What is looked for',
    detectHint: 'Labels with commas between, such as person, car. Empty: all that the model knows.',
    scoreMin: 'Lowest score, 0 to 1',
    light: 'The light in which it is looked at',
    lightHint: 'Automatic: in another light only while more is found in that.',
    heads: 'Found out besides, as time allows',
    snapshots: 'Keep pictures of objects and events',
  },
} as const;
