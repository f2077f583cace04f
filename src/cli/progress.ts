import cliProgress from 'cli-progress';

/** A progress bar on stderr. */
export interface Progress {
  advance(): void;
  stop(): void;
}

/** Shows how many of `total` things are done; with an unknown total only their count, and nothing off a terminal. */
export function progressBar(total: number | undefined, unit = 'frames'): Progress {
  if (process.stderr.isTTY !== true) return { advance: () => undefined, stop: () => undefined };
  const format = total === undefined ? `{value} ${unit}` : `{bar} {value}/{total} ${unit}, {eta} s left`;
  const bar = new cliProgress.SingleBar(
    { format, stream: process.stderr, hideCursor: true },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total ?? 0, 0);
  return { advance: () => bar.increment(), stop: () => bar.stop() };
}
