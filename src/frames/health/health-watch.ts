import type { Size } from '../../geometry/index.js';
import type { LightMeasures, LightRegime } from '../light/index.js';
import { ViewComparer, type ViewComparison } from './compare-views.js';
import { Evidence } from './evidence.js';
import { PICTURE_FAULTS, type PictureFault, type PictureHealth } from './faults.js';
import { ShiftFinder } from './find-shift.js';
import { FreezeWatch } from './freeze-watch.js';
import { UsualView } from './usual-view.js';
import { fillView, planView, tilesOf, type View } from './view.js';

/** A picture is looked at so often. */
const SAMPLE_MS = 500;
/** A picture stands for so much time at most, whenever the one before came. */
const GAP_MAX_MS = 2000;
/** How long a camera must have stood still, and shown something, before it is judged by what it usually shows. */
const KNOWN_MS = 20_000;
/** A camera that moves for so long is learnt anew once it stands still. */
const RESTLESS_MS = 60_000;
/** While it is learnt, so long is enough: one sample may be lightning, or a cut. */
const UNSTEADY_MS = 4000;
/** So long it must look like a fault. Defocus may be a camera that looks for its focus. */
const FAULT_MS = 5000;
const BLURRED_MS = 10_000;
/** What a camera has shown for so long is usual: it was turned on purpose; and who leaves it covered for a day means it. */
const MOVED_ACCEPTED_MS = 900_000;
const ACCEPTED_MS = 86_400_000;

/** Fewer tiles with something in them are not enough to know a place by. */
const JUDGED_MIN = 3;
/** Shares of the judged tiles. */
const STEADY_MIN = 0.5;
const STRANGE_MATCHED_MAX = 0.35;
/** Share of those that show something else, or nothing, from which on it is something before the lens. */
const BLOCKED_GONE_MIN = 0.6;
const BLURRED_MATCHED_MIN = 0.5;
const BLURRED_SHARPNESS_MAX = 0.5;
/** What lies elsewhere by so much of the width has been turned away; wind does less. It is looked for in each n-th sample. */
const SHIFT_MIN = 0.03;
const SHIFT_EVERY = 4;
/** What lamps that fail leave of the light, at most. */
const LAMPS_LEFT_MAX = 0.5;
/** Nothing can be seen. */
const BLACK_LUMA = 0.03;
const BLACK_SHARE = 0.95;
/** Light in which a camera is about to need its lamps. */
const DUSK_LUMA = 0.2;

const NOTHING: ViewComparison = { judged: 0, matched: 0, gone: 0, sharpness: NaN };

/**
 * Tells what is wrong with one camera, by its pictures alone: each is compared with what the camera usually shows, which is learnt. It
 * may be kept over breaks of the stream, so that a camera that was turned meanwhile is found. Pure: time comes with the pictures.
 */
export class HealthWatch {
  readonly #size: Size;
  readonly #usual: UsualView;
  readonly #comparer: ViewComparer;
  readonly #shifts: ShiftFinder;
  readonly #freeze: FreezeWatch;
  readonly #fault = {
    blocked: new Evidence(FAULT_MS),
    blurred: new Evidence(BLURRED_MS),
    moved: new Evidence(FAULT_MS),
    'infrared-failed': new Evidence(FAULT_MS),
  };
  readonly #unsteady = new Evidence(UNSTEADY_MS);
  readonly #restless = new Evidence(RESTLESS_MS);
  readonly #found = { ...NOTHING };
  readonly #step = { ...NOTHING };
  #now: View;
  #before: View;
  #hasBefore = false;
  #lastMs: number | undefined;
  #sinceSampleMs = SAMPLE_MS;
  #samples = 0;
  #isTurning = false;
  #isAside = false;
  #faultyMs = 0;
  #regime: LightRegime = 'day';
  #hadInfrared = false;
  #health: PictureHealth = { state: 'learning', faults: [] };

  /** @param size of the pictures that it will get */
  constructor(size: Size) {
    this.#size = size;
    this.#usual = new UsualView(size);
    this.#now = planView(size);
    this.#before = planView(size);
    this.#comparer = new ViewComparer(tilesOf(this.#now));
    this.#shifts = new ShiftFinder(this.#now.thumbnail.size);
    this.#freeze = new FreezeWatch(size);
  }

  /**
   * Takes the next picture, and tells how the camera is: the same object for as long as nothing changes.
   *
   * @param picture its bytes, I420; only read, during the call
   * @param light as measured of it
   * @param regime as judged by it
   * @param ptsMs when it was taken, on a clock that rises, and may begin anew with another stream
   */
  take(picture: Uint8Array, light: LightMeasures, regime: LightRegime, ptsMs: number): PictureHealth {
    const passedMs = Math.min(GAP_MAX_MS, Math.max(0, ptsMs - (this.#lastMs ?? ptsMs)));
    this.#lastMs = ptsMs;
    this.#freeze.take(picture, passedMs);
    this.#sinceSampleMs += passedMs;
    if (this.#sinceSampleMs >= SAMPLE_MS) {
      this.#sample(picture, light, regime, this.#samples === 0 ? 0 : this.#sinceSampleMs);
      if (this.#isShiftDue || !this.#hasBefore) [this.#before, this.#now] = [this.#now, this.#before];
      this.#hasBefore = true;
      this.#sinceSampleMs = 0;
    }
    return this.#told();
  }

  #sample(picture: Uint8Array, light: LightMeasures, regime: LightRegime, passedMs: number): void {
    this.#samples++;
    fillView(picture, this.#size.widthPx, light.noise, this.#now);
    const isSteady = this.#isSteady();
    const usual = this.#usual;
    if (usual.isEmpty) usual.learn(this.#now, light.meanLuma, 0);
    this.#comparer.compare(usual, this.#now, this.#found);
    if (usual.knownMs < KNOWN_MS) {
      this.#unsteady.take(!isSteady, passedMs);
      if (this.#unsteady.isOn) usual.forget();
      this.#follow(regime);
    } else {
      this.#restless.take(!isSteady, passedMs);
      this.#judge(light, isSteady, passedMs);
      if (this.#restless.isOn || this.#isAccepted(passedMs)) return this.#forget();
      const isPlace = this.#found.matched >= BLURRED_MATCHED_MIN * this.#found.judged;
      // The dark that lamps leave is no other light.
      if (isPlace && !this.#fault['infrared-failed'].isAny) this.#follow(regime);
      if (this.#isSuspicious()) return;
    }
    usual.learn(this.#now, light.meanLuma, passedMs);
  }

  /** Whether most of the picture is where it was a moment ago: the camera does not turn just now, not even slowly. */
  #isSteady(): boolean {
    if (this.#hasBefore) this.#comparer.compare(this.#before, this.#now, this.#step);
    const { judged, matched } = this.#step;
    const isAlike = matched >= STEADY_MIN * judged;
    if (this.#isShiftDue) this.#isTurning = this.#hasBefore && this.#isShifted(this.#before);
    return isAlike && !this.#isTurning;
  }

  get #isShiftDue(): boolean {
    return this.#samples % SHIFT_EVERY === 0;
  }

  #isShifted(before: View): boolean {
    return this.#shifts.find(before, this.#now) >= SHIFT_MIN;
  }

  #judge(light: LightMeasures, isSteady: boolean, passedMs: number): void {
    const { judged, matched, gone, sharpness } = this.#found;
    const isKnowable = judged >= JUDGED_MIN;
    const isStrange = isKnowable && matched <= STRANGE_MATCHED_MAX * judged;
    const isGone = isStrange && gone >= BLOCKED_GONE_MIN * (judged - matched);
    const isDark = this.#isDark(light, isGone, isKnowable && !isStrange);
    if (this.#isShiftDue) this.#isAside = isKnowable && matched < judged && this.#isShifted(this.#usual);
    const isBlurred =
      isKnowable &&
      this.#usual.sharpnessKnownMs >= KNOWN_MS &&
      matched >= BLURRED_MATCHED_MIN * judged &&
      sharpness < BLURRED_SHARPNESS_MAX;
    const fault = this.#fault;
    fault['infrared-failed'].take(isDark, passedMs);
    fault.blocked.take(isGone && !isDark, passedMs);
    fault.moved.take(isSteady && !isGone && !isDark && (isStrange || this.#isAside), passedMs);
    fault.blurred.take(isBlurred, passedMs);
  }

  /** Whether it is so dark because the lamps of a camera that has some do not shine. */
  #isDark({ meanLuma, darkShare }: LightMeasures, isGone: boolean, isKnownPlace: boolean): boolean {
    const usualLuma = this.#usual.meanLuma;
    const isBlack = meanLuma < BLACK_LUMA && darkShare > BLACK_SHARE;
    if (this.#regime === 'infrared' && (isGone || isBlack)) return meanLuma < LAMPS_LEFT_MAX * usualLuma;
    return this.#hadInfrared && isBlack && !isKnownPlace && usualLuma < DUSK_LUMA;
  }

  /** Another kind of light makes other edges. */
  #follow(regime: LightRegime): void {
    if (regime === 'flash') return;
    const [was, is] = [this.#regime, regime === 'backlit' ? 'day' : regime];
    if (is === 'infrared') this.#hadInfrared = true;
    if (was !== is) this.#usual.forgetSharpness();
    this.#regime = is;
  }

  #isSuspicious(): boolean {
    const { blocked, blurred, moved, 'infrared-failed': infrared } = this.#fault;
    return blocked.isAny || blurred.isAny || moved.isAny || infrared.isAny;
  }

  #isAccepted(passedMs: number): boolean {
    const { blocked, blurred, moved, 'infrared-failed': infrared } = this.#fault;
    const isFaulty = blocked.isOn || blurred.isOn || moved.isOn || infrared.isOn;
    this.#faultyMs = isFaulty ? this.#faultyMs + passedMs : 0;
    return this.#faultyMs >= (moved.isOn ? MOVED_ACCEPTED_MS : ACCEPTED_MS);
  }

  #forget(): void {
    this.#usual.forget();
    this.#unsteady.clear();
    this.#restless.clear();
    for (const evidence of Object.values(this.#fault)) evidence.clear();
    this.#faultyMs = 0;
  }

  #told(): PictureHealth {
    const isOn = (fault: PictureFault) =>
      fault === 'frozen' ? this.#freeze.isFrozen : this.#fault[fault].isOn;
    const { faults, state } = this.#health;
    const stateNow = this.#usual.knownMs >= KNOWN_MS ? 'watching' : 'learning';
    if (state === stateNow && PICTURE_FAULTS.every((fault) => isOn(fault) === faults.includes(fault)))
      return this.#health;
    this.#health = { state: stateNow, faults: PICTURE_FAULTS.filter(isOn) };
    return this.#health;
  }
}
