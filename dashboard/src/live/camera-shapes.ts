import { effect, signal } from '@preact/signals';
import { may } from '../access/may.js';
import { requestJson } from '../request.js';
import { configChanges } from '../state.js';
import { layers } from './layers.js';

/** A place in a picture, as shares of its width and height. */
export type SharePoint = readonly [x: number, y: number];

/** Zones and lines of a camera, by their names. */
export interface CameraShapes {
  readonly zones?: Readonly<Record<string, { readonly polygon: readonly SharePoint[] }>>;
  /** Who goes along a line and crosses it from left to right goes in. */
  readonly lines?: Readonly<Record<string, { readonly points: readonly [SharePoint, SharePoint] }>>;
}

/** Zones and lines by camera, for those who may read the configuration; asked for once somebody wants to see them. */
export const cameraShapes = signal<Readonly<Record<string, CameraShapes>>>({});

effect(() => {
  if (!layers.value.includes('zones') || !may('config')) return;
  // Read, so that a change of the configuration asks again.
  void configChanges.value;
  requestJson<{ readonly cameras?: Readonly<Record<string, CameraShapes>> }>('/api/v1/config').then(
    ({ cameras = {} }) => (cameraShapes.value = cameras),
    // A server without a configuration file has no zones; one that is away is asked again after the next change.
    (error: unknown) => console.info('zones are not shown:', error),
  );
});
