import type { CatalogueModelView, ModelView } from '../../../src/server/protocol.js';

const STATES: Readonly<Record<ModelView['state'], string>> = {
  loading: 'Loading',
  ready: 'Ready',
  failed: 'Cannot be used',
  old: 'The one before goes on',
};

const PRESENCE: Readonly<Record<CatalogueModelView['presence'], string>> = {
  'built in': 'Comes with Sightline',
  yes: 'Here',
  no: 'Not here',
  damaged: 'Damaged',
  unverifiable: 'Cannot be checked: bring it by hand',
};

const TASKS: Readonly<Record<string, string>> = {
  detect: 'Detect',
  scene: 'Scene',
  follow: 'Follow',
  embed: 'Look-alikes',
  read: 'Read text',
  light: 'Light',
};

const megabytesOf = (bytes: number) => (bytes / 1e6).toFixed(1);

/** Everything that the page of models says. */
export const modelTexts = {
  title: 'Models',
  inUse: 'In use',
  none: 'No enabled camera looks for anything.',
  model: 'Model',
  state: 'State',
  stateWord: (state: ModelView['state']) => STATES[state],
  runsOn: 'Runs on',
  speed: 'A picture takes',
  speedOf: (p50Ms: number, p95Ms: number) =>
    `${p50Ms.toFixed(1)}\u202fms, 19 of 20 at most ${p95Ms.toFixed(1)}\u202fms`,
  speedOver: (window: number) => `measured here, on the newest ${window} pictures`,
  noSpeed: 'Not measured yet',
  cameras: 'Cameras',
  input: 'Picture',
  inputOf: (input: NonNullable<ModelView['input']>) =>
    'multipleOf' in input
      ? `any size in steps of ${input.multipleOf} px`
      : `${input.width} × ${input.height}`,
  fallback: (provider: string, reason: string) => `Not on ${provider}: ${reason}`,
  catalogue: 'Catalogue',
  catalogueAbout:
    'Models that Sightline knows. One that is here can be named under “models” in the configuration. Nothing is fetched unless an administrator asks for it, here or on the server:',
  pullCommand: 'sightline models pull NAME',
  pull: 'Pull',
  pullOf: (name: string) => `Pull ${name}`,
  pullAgain: 'Pull again',
  pullAgainOf: (name: string) => `Pull again: ${name}`,
  pulling: (name: string) => `Pulling ${name}`,
  pulled: (bytes: number, totalBytes: number | undefined) =>
    totalBytes === undefined
      ? `${megabytesOf(bytes)}\u202fMB`
      : `${megabytesOf(bytes)} of ${megabytesOf(totalBytes)}\u202fMB`,
  cancel: 'Cancel',
  cancelOf: (name: string) => `Cancel the pull of ${name}`,
  pullFailed: 'It could not be pulled.',
  licenceTitle: (licence: string) => `Accept ${licence}?`,
  licenceAbout: (name: string, licence: string) =>
    `${name} is under ${licence}, which binds whoever uses or passes on the model. The audit log keeps that you accepted it.`,
  licenceAccept: (licence: string) => `I have read ${licence} and accept it`,
  origin: 'Where the model comes from',
  task: 'Task',
  taskWord: (task: string) => (Object.hasOwn(TASKS, task) ? TASKS[task]! : task),
  licence: 'Licence',
  askMore: 'asks for more than a copy of itself',
  ap: 'AP on COCO',
  apNote: (source: string) => `As ${source} says`,
  size: 'Size',
  megabytes: (megabytes: number) => `${megabytes}\u202fMB`,
  presence: 'On this machine',
  presenceWord: (presence: CatalogueModelView['presence']) => PRESENCE[presence],
  unknown: '–',
} as const;
