import type { Box } from '../geometry/index.js';

/** Standard deviation of a measured coordinate, as a share of the object's height. */
const MEASUREMENT_STD = 0.05;
/** Standard deviation of the acceleration, object heights per second². */
const ACCELERATION_STD = 2;
/** Standard deviation of an unseen object's speed, object heights per second. */
const INITIAL_SPEED_STD = 1.5;

/**
 * A Kalman filter with constant velocity over a box's centre, width and height, as in SORT (Bewley et al., 2016),
 * but with time in seconds, so that it holds at any frame rate. The four coordinates are independent, which
 * makes each a 2×2 problem. Coordinates are those of the boxes given to it.
 */
export class BoxFilter {
  readonly #axes: readonly [Axis, Axis, Axis, Axis];

  constructor(box: Box) {
    const [cx, cy, width, height] = centred(box);
    const unit = Math.max(1, height);
    this.#axes = [new Axis(cx, unit), new Axis(cy, unit), new Axis(width, unit), new Axis(height, unit)];
  }

  /** Moves the state on by `seconds`. */
  predict(seconds: number): void {
    for (const axis of this.#axes) axis.predict(seconds, Math.max(1, this.#axes[3].value));
  }

  /** Corrects the state by a measured box. */
  correct(box: Box): void {
    const unit = Math.max(1, this.#axes[3].value);
    centred(box).forEach((measured, i) => this.#axes[i]?.correct(measured, unit));
  }

  get box(): Box {
    const [cx, cy, width, height] = this.#axes;
    const halfWidth = Math.max(1, width.value) / 2;
    const halfHeight = Math.max(1, height.value) / 2;
    return [cx.value - halfWidth, cy.value - halfHeight, cx.value + halfWidth, cy.value + halfHeight];
  }
}

/** One coordinate: value and rate with their covariance. */
class Axis {
  value: number;
  #rate = 0;
  #varValue: number;
  #covariance = 0;
  #varRate: number;

  constructor(value: number, unit: number) {
    this.value = value;
    this.#varValue = (MEASUREMENT_STD * unit) ** 2;
    this.#varRate = (INITIAL_SPEED_STD * unit) ** 2;
  }

  predict(seconds: number, unit: number): void {
    const noise = (ACCELERATION_STD * unit) ** 2;
    this.value += this.#rate * seconds;
    this.#varValue += seconds * (2 * this.#covariance + seconds * this.#varRate) + (noise * seconds ** 4) / 4;
    this.#covariance += seconds * this.#varRate + (noise * seconds ** 3) / 2;
    this.#varRate += noise * seconds ** 2;
  }

  correct(measured: number, unit: number): void {
    const gainBase = this.#varValue + (MEASUREMENT_STD * unit) ** 2;
    const gainValue = this.#varValue / gainBase;
    const gainRate = this.#covariance / gainBase;
    const residual = measured - this.value;
    this.value += gainValue * residual;
    this.#rate += gainRate * residual;
    this.#varRate -= gainRate * this.#covariance;
    this.#covariance *= 1 - gainValue;
    this.#varValue *= 1 - gainValue;
  }
}

function centred([x1, y1, x2, y2]: Box): [number, number, number, number] {
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1];
}
