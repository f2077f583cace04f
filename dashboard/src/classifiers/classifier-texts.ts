const dateAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

const percent = (share: number) => `${Math.round(share * 100)}\u202f%`;

/** Everything that the pages of classifiers say. */
export const classifierTexts = {
  title: 'Classifiers',
  about:
    'A classifier tells apart what the detector does not: our vans from others, with and without a hard hat. Label a few dozen pictures, train it, and each track has a class.',
  none: 'There is no classifier yet.',
  make: 'Make a classifier',
  name: 'Name',
  nameHint: 'Small letters, digits, _ and -',
  classes: 'Classes',
  classesHint: 'What it tells apart, 2 to 9, each on a line of its own',
  labels: 'Only for tracks of these labels',
  labelsHint: 'Such as car, truck; empty: of all',
  unsureBelow: 'Unsure below',
  unsureHint: 'The least probability of an answer, in percent',
  examples: 'Examples',
  active: 'In force',
  version: (version: number) => `Version ${version}`,
  noVersion: 'None',
  all: 'All classifiers',

  parts: 'Parts of the classifier',
  label: 'Label',
  versions: 'Train and versions',

  gridAbout:
    'Choose a picture with the arrows or the mouse, then press the number of its class; 0 takes the class away.',
  grid: 'Pictures of tracks, the newest first',
  classKeys: 'Classes',
  unlabel: 'None',
  camera: 'Camera',
  anyCamera: 'All',
  noTracks: 'No tracks of these labels have ended yet.',
  noPicture: 'No picture is kept',
  picture: (label: string, camera: string, of: string | undefined) =>
    of === undefined ? `${label}, ${camera}, no class` : `${label}, ${camera}: ${of}`,
  mayNotLabel: 'Labelling needs the role of an operator.',

  train: 'Train',
  training: (seconds: number) => `Training, for ${seconds}\u202fs now`,
  trainAgain: 'Train again',
  trainAbout: (least: number) =>
    `On all examples there are: at least ${least} of each class, better twenty, from all cameras and kinds of light.`,
  trained: (iso: string) => dateAndTime.format(Date.parse(iso)),
  noVersions: 'It has not been trained yet.',
  activate: 'Put in force',
  activateOf: (version: number) => `Put in force: version ${version}`,
  stop: 'Ask none any more',
  export: 'ONNX file',
  exportOf: (version: number) => `ONNX file of version ${version}`,
  accuracy: 'Right, if each had to be answered',
  answered: 'Answered, the rest unsure',
  right: 'Right, of those answered',
  percent,
  by: (by: 'clip' | 'track', folds: number) =>
    by === 'clip'
      ? `By pictures that it had not seen, a camera’s day at once, in ${folds} parts.`
      : `By tracks that it had not seen, in ${folds} parts: expect less at other places, as a class has been seen at one alone.`,
  notValidated: 'There was nothing to set aside: what it is worth is not known.',
  confusion: 'What the examples of a class were taken for',
  is: 'Is',
  takenFor: 'Taken for',
  unsure: 'unsure',
  remove: 'Delete',
  removeOf: (name: string) => `Delete ${name}`,
  removeAbout: 'Its examples with their pictures, its versions and what it said of tracks are deleted.',
} as const;
