/** A Kalman filter over one coordinate and its rate, in pixels and seconds. */
export class AxisFilter {
  value: number;
  rate = 0;
  /** Covariance of value and rate. */
  varValue: number;
  covariance = 0;
  varRate: number;

  /** @param valueStd uncertainty of `value`, px, and `rateStd` of the unknown rate, px/s */
  constructor(value: number, valueStd: number, rateStd: number) {
    this.value = value;
    this.varValue = valueStd * valueStd;
    this.varRate = rateStd * rateStd;
  }

  /**
   * Moves on by `seconds`, in one step or in many alike: the acceleration is white noise whose density has the root `restlessness`
   * (px/s^1.5), and the rate falls off by `decay` a second.
   */
  predict(seconds: number, restlessness: number, decay: number): void {
    const kept = decay === 0 ? 1 : Math.exp(-decay * seconds);
    const reach = decay === 0 ? seconds : (1 - kept) / decay;
    const noise = restlessness * restlessness * seconds;
    this.value += this.rate * reach;
    this.rate *= kept;
    this.varValue += reach * (2 * this.covariance + reach * this.varRate) + (noise * seconds * seconds) / 3;
    this.covariance = kept * (this.covariance + reach * this.varRate) + (noise * seconds) / 2;
    this.varRate = kept * kept * this.varRate + noise;
  }

  /** Corrects by a measurement of `measurementStd` px. */
  correct(measured: number, measurementStd: number): void {
    const total = this.varValue + measurementStd * measurementStd;
    const valueGain = this.varValue / total;
    const rateGain = this.covariance / total;
    const residual = measured - this.value;
    this.value += valueGain * residual;
    this.rate += rateGain * residual;
    this.varRate -= rateGain * this.covariance;
    this.covariance *= 1 - valueGain;
    this.varValue *= 1 - valueGain;
  }
}
