import type { Box, Similarity } from '../geometry/index.js';
import { AxisFilter } from './axis-filter.js';
import type { TrackerTuning } from './tuning.js';

const FIRST_SIDE_SPEED = 0.1;

/**
 * A Kalman filter with constant velocity over a box's centre and sides, as in SORT (Bewley et al., 2016), but with time in
 * seconds, so that it holds at any frame rate. The four coordinates are independent, which makes each a 2×2 problem.
 * Coordinates are those of the boxes given to it.
 */
export class BoxFilter {
  readonly x: AxisFilter;
  readonly y: AxisFilter;
  readonly width: AxisFilter;
  readonly height: AxisFilter;
  readonly #tuning: TrackerTuning;

  constructor([x1, y1, x2, y2]: Box, tuning: TrackerTuning) {
    const unit = Math.max(1, y2 - y1);
    const centre = tuning.centreStd * unit;
    const side = tuning.sideStd * unit;
    this.#tuning = tuning;
    this.x = new AxisFilter((x1 + x2) / 2, centre, tuning.firstSpeed * unit);
    this.y = new AxisFilter((y1 + y2) / 2, centre, tuning.firstSpeed * unit);
    this.width = new AxisFilter(x2 - x1, side, FIRST_SIDE_SPEED * unit);
    this.height = new AxisFilter(y2 - y1, side, FIRST_SIDE_SPEED * unit);
  }

  /** The object's height in px, the unit of all its noise. */
  get unit(): number {
    return Math.max(1, this.height.value);
  }

  /** Moves the state on by `seconds`. An object that is not seen slows down, since nobody walks straight on for ever. */
  predict(seconds: number, isSeen: boolean): void {
    const { restlessness, sideRestlessness, slowDown } = this.#tuning;
    const unit = this.unit;
    const decay = isSeen ? 0 : slowDown;
    this.x.predict(seconds, restlessness * unit, decay);
    this.y.predict(seconds, restlessness * unit, decay);
    this.width.predict(seconds, sideRestlessness * unit, decay);
    this.height.predict(seconds, sideRestlessness * unit, decay);
  }

  /** Corrects the state by a measured box, the less the lower its score (0..1). */
  correct(box: Box, score: number): void {
    const { centreStd, sideStd, doubt } = this.#tuning;
    const noise = this.unit * (1 + doubt * Math.max(0, 1 - score));
    this.x.correct((box[0] + box[2]) / 2, centreStd * noise);
    this.y.correct((box[1] + box[3]) / 2, centreStd * noise);
    this.width.correct(box[2] - box[0], sideStd * noise);
    this.height.correct(box[3] - box[1], sideStd * noise);
  }

  /** Goes along with a moving camera. */
  move({ a, b, dx, dy }: Similarity): void {
    const { x, y, width, height } = this;
    [x.value, y.value] = [a * x.value - b * y.value + dx, b * x.value + a * y.value + dy];
    [x.rate, y.rate] = [a * x.rate - b * y.rate, b * x.rate + a * y.rate];
    const scale = Math.hypot(a, b);
    for (const side of [width, height]) {
      side.value *= scale;
      side.rate *= scale;
    }
    for (const axis of [x, y, width, height]) {
      axis.varValue *= scale * scale;
      axis.covariance *= scale * scale;
      axis.varRate *= scale * scale;
    }
  }

  /** Stops it where it is. */
  rest(): void {
    for (const axis of [this.x, this.y, this.width, this.height]) axis.rate = 0;
  }

  /** Squared distance of a box's centre from the state, in standard deviations (Mahalanobis). */
  distance2(box: Box): number {
    const std = this.#tuning.centreStd * this.unit;
    const dx = (box[0] + box[2]) / 2 - this.x.value;
    const dy = (box[1] + box[3]) / 2 - this.y.value;
    return (dx * dx) / (this.x.varValue + std * std) + (dy * dy) / (this.y.varValue + std * std);
  }

  /** The box as it is, or `seconds` from now. */
  box(seconds = 0): Box {
    const { x, y, width, height } = this;
    const centreX = x.value + x.rate * seconds;
    const centreY = y.value + y.rate * seconds;
    const halfWidth = Math.max(1, width.value + width.rate * seconds) / 2;
    const halfHeight = Math.max(1, height.value + height.rate * seconds) / 2;
    return [centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight];
  }
}
