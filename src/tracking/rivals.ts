/** The detections that may be one track, by gain. Used for track after track, so that a crowd costs no memory for those that are not kept. */
export class Rivals {
  /** Columns of the detections and their gains: the first {@link count} of each count. */
  readonly columns: number[] = [];
  readonly gains: number[] = [];
  count = 0;

  clear(): void {
    this.count = 0;
  }

  add(column: number, gain: number): void {
    this.columns[this.count] = column;
    this.gains[this.count++] = gain;
  }

  /** Where there are more than `most`, keeps the best so many, best first; of equal ones those that came first. */
  keepBest(most: number): void {
    if (this.count <= most) return;
    const { columns, gains } = this;
    let kept = 0;
    for (let from = 0; from < this.count; from++) {
      const [column, gain] = [columns[from]!, gains[from]!];
      if (kept === most && !(gain > gains[most - 1]!)) continue;
      let at = kept < most ? kept++ : most - 1;
      for (; at > 0 && gains[at - 1]! < gain; at--) {
        columns[at] = columns[at - 1]!;
        gains[at] = gains[at - 1]!;
      }
      columns[at] = column;
      gains[at] = gain;
    }
    this.count = kept;
  }
}
