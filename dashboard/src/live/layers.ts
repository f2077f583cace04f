import { keptSignal } from '../ui/kept-signal.js';

/** What can be laid over a picture, in the order in which the user finds it. */
export const LAYERS = ['boxes', 'labels', 'masks', 'trails', 'zones'] as const;

export type Layer = (typeof LAYERS)[number];

const AT_FIRST: readonly Layer[] = ['boxes', 'labels', 'masks'];

/** What is laid over pictures now; kept in this browser. */
export const layers = keptSignal<readonly Layer[]>('sightline.layers', (kept) =>
  Array.isArray(kept) ? LAYERS.filter((layer) => kept.includes(layer)) : AT_FIRST,
);

/** Shows a layer, or hides it. */
export function toggleLayer(layer: Layer): void {
  const shown = layers.peek();
  layers.value = shown.includes(layer) ? shown.filter((one) => one !== layer) : [...shown, layer];
}
