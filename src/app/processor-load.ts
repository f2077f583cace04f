import { cpus, type CpuInfo } from 'node:os';

/** How busy the machine's processors are, all together and whoever uses them: measured between two calls of {@link ProcessorLoad.measure}. */
export class ProcessorLoad {
  readonly #read: () => readonly Pick<CpuInfo, 'times'>[];
  #before: { readonly busyMs: number; readonly allMs: number } | undefined;
  #busy: number | undefined;

  /** @param read gives the time that each processor spent on what since the machine started, ms */
  constructor(read: () => readonly Pick<CpuInfo, 'times'>[] = cpus) {
    this.#read = read;
  }

  /** Share that was busy, 0..1; undefined before there were two measurements. */
  get busy(): number | undefined {
    return this.#busy;
  }

  measure(): void {
    let [busyMs, allMs] = [0, 0];
    for (const { times } of this.#read()) {
      const { user, nice, sys, idle, irq } = times;
      busyMs += user + nice + sys + irq;
      allMs += user + nice + sys + irq + idle;
    }
    const before = this.#before;
    // Clocks of processors stand still for a moment between two readings that are too close.
    if (before !== undefined && allMs > before.allMs)
      this.#busy = Math.min(1, Math.max(0, (busyMs - before.busyMs) / (allMs - before.allMs)));
    this.#before = { busyMs, allMs };
  }
}
