import type { CameraConfig } from '../config/index.js';
import { UNSURE } from '../models/index.js';

/**
 * Rules about answers that no classifier gives: the configuration cannot know which ones there are, since they are made by the API.
 *
 * @param inForce classes of the classifiers in force, by their names
 * @returns sentences
 */
export function waitingRules(
  cameras: readonly Pick<CameraConfig, 'id' | 'rules'>[],
  inForce: ReadonlyMap<string, readonly string[]>,
): string[] {
  return cameras.flatMap(({ id, rules }) =>
    rules.flatMap((rule) => {
      if (rule.type !== 'classifier') return [];
      const known = inForce.get(rule.classifier);
      const what = `rule ${rule.name} of camera ${id}`;
      if (known === undefined)
        return [
          `${what} waits for the classifier ${rule.classifier}: make and train it, or correct the name`,
        ];
      const missing = rule.classes.filter((name) => name !== UNSURE && !known.includes(name));
      if (missing.length === 0) return [];
      return [`${what} asks for ${missing.join(', ')}, and the classes of ${rule.classifier} are ${known.join(', ')}`]; // prettier-ignore
    }),
  );
}
