import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartData } from './stage-series.js';

/** CSS variables of the lines' colours, told apart also by those who do not see all colours: the legend has the values. */
const COLOURS = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6', '--chart-7'];
const HEIGHT = 150;
const AXIS_FONT = '12px system-ui, sans-serif';

/** A small chart in an element, for as long as it is not closed. */
export class LineChart {
  readonly #into: HTMLElement;
  readonly #unit: string;
  readonly #nameOf: (series: string) => string;
  readonly #watch: ResizeObserver;
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  #data: ChartData | undefined;
  #plot: uPlot | undefined;
  #drawn = '';

  constructor(options: {
    readonly into: HTMLElement;
    readonly unit: string;
    readonly nameOf: (series: string) => string;
  }) {
    this.#into = options.into;
    this.#unit = options.unit;
    this.#nameOf = options.nameOf;
    this.#watch = new ResizeObserver(() =>
      this.#plot?.setSize({ width: this.#into.clientWidth, height: HEIGHT }),
    );
    this.#watch.observe(this.#into);
    this.#dark.addEventListener('change', this.#renew);
  }

  show(data: ChartData): void {
    this.#data = data;
    // Lines are made once: with others the chart is another.
    if (this.#drawn !== data.series.map(({ name }) => name).join()) this.#renew();
    else this.#plot?.setData(aligned(data));
    this.#showLatest();
  }

  /** Ends for good. */
  close(): void {
    this.#watch.disconnect();
    this.#dark.removeEventListener('change', this.#renew);
    this.#plot?.destroy();
  }

  /** While the pointer is elsewhere, the legend has the newest values. */
  #showLatest(): void {
    const last = (this.#data?.times.length ?? 0) - 1;
    const isPointedAt = typeof this.#plot?.cursor.idx === 'number';
    if (!isPointedAt && last >= 0) this.#plot?.setLegend({ idx: last }, false);
  }

  readonly #renew = (): void => {
    const data = this.#data;
    if (data === undefined) return;
    this.#drawn = data.series.map(({ name }) => name).join();
    this.#plot?.destroy();
    const styles = getComputedStyle(this.#into);
    const colour = (name: string) => styles.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--quiet'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: AXIS_FONT,
    };
    const value = (_: uPlot, raw: number | null) =>
      raw === null ? '–' : `${raw.toFixed(1)}\u202f${this.#unit}`;
    this.#plot = new uPlot(
      {
        width: this.#into.clientWidth,
        height: HEIGHT,
        cursor: { drag: { x: false, y: false }, points: { show: false } },
        hooks: { setCursor: [() => queueMicrotask(() => this.#showLatest())] },
        scales: { y: { range: (_plot, _least, most) => [0, Math.max(1, (most ?? 0) * 1.1)] } },
        axes: [
          { ...axis, values: '{HH}:{mm}', space: 60, incrs: [60, 120, 180] },
          { ...axis, size: 44, space: 36 },
        ],
        series: [
          { value: '{HH}:{mm}:{ss}' },
          ...data.series.map(({ name }, at) => ({
            label: this.#nameOf(name),
            stroke: colour(COLOURS[at % COLOURS.length]!),
            width: name === 'total' ? 2.5 : 1.5,
            points: { show: data.times.length < 3 },
            value,
          })),
        ],
      },
      aligned(data),
      this.#into,
    );
    this.#showLatest();
  };
}

function aligned({ times, series }: ChartData): uPlot.AlignedData {
  return [[...times], ...series.map(({ values }) => [...values])];
}
