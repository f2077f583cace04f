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
  unverifiable: 'Here, cannot be checked',
};

const TASKS: Readonly<Record<string, string>> = {
  detect: 'Detect',
  segment: 'Masks',
  follow: 'Follow',
  embed: 'Look-alikes',
  read: 'Read text',
  light: 'Light',
};

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
    'Models that Sightline knows. To fetch one, run this on the server, then name it under “models” in the configuration:',
  pull: 'sightline models pull NAME',
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
