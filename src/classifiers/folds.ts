/** What must be known of an example to set it aside together with those that are too like it. */
export interface Grouped {
  /** Class, by number. */
  readonly label: number;
  /** Where and on which day, or as its sender says. */
  readonly clip: string;
  /** Of which object. */
  readonly track: string;
}

/** How examples were set aside: by clip, or, where a class comes from one clip alone, by track; undefined where not even that can be done. */
export interface Folds {
  readonly by: 'clip' | 'track';
  readonly count: number;
  /** Of each example, the fold in which it is set aside. */
  readonly of: readonly number[];
}

const COUNT_MAX = 5;

/**
 * Shares examples out, never those of one group to two folds: pictures of one object, or of one place on one day, are so alike that a classifier
 * which has seen one knows the others by heart.
 */
export function foldsOf(examples: readonly Grouped[], classes: number): Folds | undefined {
  for (const by of ['clip', 'track'] as const) {
    const groups = new Map<string, number[]>();
    examples.forEach((example, at) => {
      const group = groups.get(example[by]);
      if (group === undefined) groups.set(example[by], [at]);
      else group.push(at);
    });
    const groupsWith = Array.from(
      { length: classes },
      (_, label) =>
        [...groups.values()].filter((group) => group.some((at) => examples[at]!.label === label)).length,
    );
    const count = Math.min(COUNT_MAX, ...groupsWith);
    if (count >= 2) return { by, count, of: shareOut([...groups.values()], examples, classes, count) };
  }
  return undefined;
}

/** The largest groups first, each to the fold that has the fewest of its most frequent class. */
function shareOut(
  groups: readonly (readonly number[])[],
  examples: readonly Grouped[],
  classes: number,
  count: number,
): number[] {
  const fold = new Array<number>(examples.length).fill(0);
  const has = Array.from({ length: count }, () => new Array<number>(classes).fill(0));
  const size = new Array<number>(count).fill(0);
  for (const group of [...groups].sort((a, b) => b.length - a.length)) {
    const of = new Array<number>(classes).fill(0);
    for (const at of group) of[examples[at]!.label]!++;
    const frequent = of.indexOf(Math.max(...of));
    let best = 0;
    for (let f = 1; f < count; f++) {
      const gain = has[f]![frequent]! - has[best]![frequent]! || size[f]! - size[best]!;
      if (gain < 0) best = f;
    }
    for (const at of group) {
      fold[at] = best;
      has[best]![examples[at]!.label]!++;
      size[best]!++;
    }
  }
  return fold;
}
