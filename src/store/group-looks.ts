/** A look to be grouped: a unit vector. */
export interface GroupedLook {
  readonly track: string;
  readonly embedding: Float32Array;
}

/** Tracks that look alike. */
export interface LookGroup {
  /** The most typical first; `score` is the cosine with the group's mean. */
  readonly tracks: readonly { readonly track: string; readonly score: number }[];
}

/** So often each look may go to the group whose mean it is nearest to. */
const ROUNDS = 3;

/**
 * Groups looks: each goes to the group whose mean it is nearest to, or begins one where none is near enough, and so again with the means
 * that came of it, since the first ones depend on the order. The largest groups first; those of one are left out.
 *
 * @param likeness least cosine of a look with its group's mean
 */
export function groupLooks(looks: readonly GroupedLook[], likeness: number): LookGroup[] {
  let means: Float32Array[] = [];
  let of: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const sums = means.map((mean) => ({ sum: new Float32Array(mean.length), mean }));
    of = looks.map(({ embedding }) => {
      let [best, score] = [-1, likeness];
      sums.forEach(({ mean }, at) => {
        const cosine = dot(mean, embedding);
        if (cosine >= score) [best, score] = [at, cosine];
      });
      if (best < 0) best = sums.push({ sum: new Float32Array(embedding.length), mean: embedding }) - 1;
      const group = sums[best]!;
      for (let i = 0; i < embedding.length; i++) group.sum[i]! += embedding[i]!;
      // In the first round, means are made as looks come.
      if (round === 0) group.mean = unit(group.sum);
      return best;
    });
    const used = sums.map((_, at) => at).filter((at) => of.includes(at));
    const renumbered = new Map(used.map((at, number) => [at, number]));
    of = of.map((at) => renumbered.get(at)!);
    means = used.map((at) => unit(sums[at]!.sum));
  }
  return means
    .map((mean, group) => ({
      tracks: looks
        .filter((_, at) => of[at] === group)
        .map(({ track, embedding }) => ({ track, score: dot(mean, embedding) }))
        .sort((a, b) => b.score - a.score),
    }))
    .filter(({ tracks }) => tracks.length > 1)
    .sort((a, b) => b.tracks.length - a.tracks.length);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function unit(sum: Float32Array): Float32Array {
  const length = Math.hypot(...sum) || 1;
  return sum.map((value) => value / length);
}
