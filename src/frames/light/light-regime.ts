import type { LightMeasures } from './light-meter.js';

/** Kinds of light. `infrared`: no colour, as under infrared lamps; `backlit`: black before white; `flash`: a sudden light that goes again. */
export const LIGHT_REGIMES = ['day', 'low', 'infrared', 'backlit', 'flash'] as const;

/** A kind of light. */
export type LightRegime = (typeof LIGHT_REGIMES)[number];

type Lasting = Exclude<LightRegime, 'flash'>;

/** Another light must have lasted so long; a camera's own exposure is steady again by then. */
const CHANGE_MS = 1000;
/** So long there must be no colour: a grey road has some whenever a red car comes, and lamps that see none have none for hours. */
const COLOURLESS_MS = 10_000;
/** A flash is over after so long; if it is still light then, somebody has switched it on. */
const FLASH_MAX_MS = 1000;
/** By how much a flash is brighter than it was, in mean luma, and how soon it is so. */
const FLASH_RISE = 0.12;
const FLASH_RISE_MS = 300;
/** A flash is over when so much of its rise is left, at most. */
const FLASH_LEFT = 0.4;
/** Light as it usually is follows that of the pictures so slowly; down more slowly, or the end of a shadow would be a flash. */
const BRIGHTER_MS = 1500;
const DARKER_MS = 6000;

/** Where a regime begins, and where it ends: between them it stays as it was. */
const LIMITS = {
  lowLuma: [0.2, 0.24],
  colourShare: [0.001, 0.003],
  backlitBright: [0.1, 0.06],
  backlitDark: [0.3, 0.22],
} as const;
/** Without any light there are no colours either, and no lamps. */
const INFRARED_LUMA_MIN = 0.04;

/** Tells one stream's kind of light, with hysteresis in level and time. */
export class LightJudge {
  #lasting: Lasting | undefined;
  #other: { readonly regime: Lasting; readonly sinceMs: number } | undefined;
  #usual: { luma: number; ms: number } | undefined;
  #flashSinceMs: number | undefined;

  /** @param ptsMs when the picture was taken, on a clock that rises; the first may be at any time */
  take(light: LightMeasures, ptsMs: number): LightRegime {
    this.#flash(light.meanLuma, ptsMs);
    if (this.#flashSinceMs !== undefined) return 'flash';
    const found = regimeOf(light, this.#lasting);
    this.#lasting ??= found === 'infrared' ? litOf(light, undefined) : found;
    const leastMs = found === 'infrared' ? COLOURLESS_MS : CHANGE_MS;
    if (found === this.#lasting) this.#other = undefined;
    else if (this.#other?.regime !== found) this.#other = { regime: found, sinceMs: ptsMs };
    else if (ptsMs - this.#other.sinceMs >= leastMs) [this.#lasting, this.#other] = [found, undefined];
    return this.#lasting;
  }

  #flash(luma: number, ptsMs: number): void {
    this.#usual ??= { luma, ms: ptsMs };
    const usual = this.#usual;
    const passedMs = ptsMs - usual.ms;
    const rise = luma - usual.luma;
    if (this.#flashSinceMs !== undefined) {
      const isOver = rise <= FLASH_LEFT * FLASH_RISE;
      if (!isOver && ptsMs - this.#flashSinceMs < FLASH_MAX_MS) return;
      this.#flashSinceMs = undefined;
      this.#usual = { luma, ms: ptsMs };
      return;
    }
    // Of pictures that are far apart nobody knows how fast it became light.
    if (rise >= FLASH_RISE && passedMs <= FLASH_RISE_MS) {
      this.#flashSinceMs = ptsMs;
      return;
    }
    usual.luma += rise * (1 - Math.exp(-Math.max(0, passedMs) / (rise > 0 ? BRIGHTER_MS : DARKER_MS)));
    usual.ms = ptsMs;
  }
}

function regimeOf(light: LightMeasures, was: Lasting | undefined): Lasting {
  const [begins, ends] = LIMITS.colourShare;
  const isColourless = light.colourShare < (was === 'infrared' ? ends : begins);
  if (isColourless && light.meanLuma >= INFRARED_LUMA_MIN) return 'infrared';
  return litOf(light, was);
}

/** The kind of light, whatever its colour. */
function litOf({ meanLuma, brightShare, darkShare }: LightMeasures, was: Lasting | undefined): Lasting {
  const below = (value: number, [begins, ends]: readonly [number, number], regime: Lasting) =>
    value < (was === regime ? ends : begins);
  if (below(meanLuma, LIMITS.lowLuma, 'low')) return 'low';
  const isBacklit =
    !below(brightShare, LIMITS.backlitBright, 'backlit') && !below(darkShare, LIMITS.backlitDark, 'backlit');
  return isBacklit ? 'backlit' : 'day';
}
