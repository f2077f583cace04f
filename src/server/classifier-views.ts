import type { ClassifierInfo, ClassifierVersion } from '../classifiers/index.js';
import type { ExampleRow } from '../store/index.js';
import type { ClassifierView, ExampleView, VersionView } from './protocol.js';

/** A classifier as it is told, without cameras that who asks may not see. */
export function classifierView(
  { name, classes, labels, cameras, unsureBelow, madeMs, examples, active }: ClassifierInfo,
  maySee: (camera: string) => boolean,
): ClassifierView {
  return {
    ...{ name, classes, unsureBelow, madeAt: iso(madeMs), examples },
    ...(labels !== undefined && { labels }),
    ...(cameras !== undefined && { cameras: cameras.filter(maySee) }),
    ...(active !== undefined && { active }),
  };
}

/** An example as it is told. */
export function exampleView({
  id,
  class: of,
  origin,
  source,
  camera,
  clip,
  addedMs,
}: ExampleRow): ExampleView {
  return {
    ...{ id, class: of, origin, clip, addedAt: iso(addedMs) },
    ...(origin !== 'upload' && { source, camera }),
  };
}

/** A version as it is told. */
export function versionView({ version, trainedMs, report }: ClassifierVersion): VersionView {
  return { version, trainedAt: iso(trainedMs), report };
}

const iso = (ms: number) => new Date(ms).toISOString();
