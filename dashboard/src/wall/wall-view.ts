import { computed } from '@preact/signals';
import { narrow, place } from '../place.js';
import { cameras } from '../state.js';
import { WALL_CAMERAS_MAX, type Layout } from './layouts.js';
import { areLayoutsKnown, layouts } from './own-layouts.js';

/** What stands on the wall. */
export interface WallView {
  /** Ids, in the order of the tiles. */
  readonly shown: readonly string[];
  readonly columns?: number;
  /** How many there would be: more than are shown at once. */
  readonly wanted: number;
  /** Undefined: all cameras, or one alone. */
  readonly layout?: Layout;
  /** The one camera that is shown alone. */
  readonly alone?: string;
}

/** Chosen by the address: `#/?layout=Yard`, `#/?camera=gate`, or all. Undefined before the server told of its cameras, and of the layout. */
export const wall = computed<WallView | undefined>(() => {
  const all = cameras.value?.map(({ id }) => id);
  if (all === undefined || place.value.page !== 'live') return undefined;
  const { filters } = place.value;
  const alone = filters.get('camera');
  if (alone !== null && all.includes(alone)) return { shown: [alone], wanted: 1, alone };
  const asked = filters.get('layout');
  const layout = layouts.value.find(({ name }) => name === asked);
  // Not all cameras for a moment: each of them would be connected to.
  if (asked !== null && layout === undefined && !areLayoutsKnown.value) return undefined;
  // Cameras that are gone leave no hole.
  const wanted = layout === undefined ? all : layout.cameras.filter((id) => all.includes(id));
  const { columns } = layout ?? {};
  return {
    shown: wanted.slice(0, WALL_CAMERAS_MAX),
    wanted: wanted.length,
    ...(layout !== undefined && { layout }),
    ...(columns !== undefined && { columns }),
  };
});

/** The ids alone, as text: changes less often than what is known of the cameras. */
export const shownIds = computed(() => JSON.stringify(wall.value?.shown ?? []));

/** Shows one camera alone. */
export function showAlone(camera: string): void {
  narrow({ camera });
}

/** Shows a layout by its name; all cameras when undefined. */
export function showLayout(layout: string | undefined): void {
  narrow({ camera: undefined, layout });
}
