import cliProgress from 'cli-progress';

/** A progress bar on stderr. */
export interface Progress {
  advance(): void;
  /** Sets how many are done, which may be fewer than before. */
  moveTo(done: number): void;
  stop(): void;
}

/** Shows how many of `total` things are done; with an unknown total only their count, and nothing off a terminal. */
export function progressBar(total: number | undefined, unit = 'frames'): Progress {
  const silent = () => undefined;
  if (process.stderr.isTTY !== true) return { advance: silent, moveTo: silent, stop: silent };
  const format = total === undefined ? `{value} ${unit}` : `{bar} {value}/{total} ${unit}, {eta} s left`;
  const bar = new cliProgress.SingleBar(
    { format, stream: process.stderr, hideCursor: true },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total ?? 0, 0);
  return {
    advance: () => bar.increment(),
    moveTo: (done) => bar.update(done),
    stop: () => bar.stop(),
  };
}
