/**
 * What the tracker's behaviour depends on. The defaults were measured (`design/tracking.md` has the table and what varying each
 * by 30 % does); lengths are in heights of the object, so that they hold for any size and picture.
 */
export interface TrackerTuning {
  /** Standard deviations of a detection's centre and of its sides, for one of score 1. */
  readonly centreStd: number;
  readonly sideStd: number;
  /** How much the speed of centre and sides wanders: root of the density of a white acceleration, heights per s^1.5. */
  readonly restlessness: number;
  readonly sideRestlessness: number;
  /** Standard deviation of a new object's speed, heights per second. */
  readonly firstSpeed: number;
  /** Share of its speed that an unseen object loses in a second (as an exponent). */
  readonly slowDown: number;
  /** How much less is believed of a detection of score 0 than of one of score 1. */
  readonly doubt: number;
  /** Boxes are grown by this share of their sides before their overlap is taken, so that small fast ones overlap too. */
  readonly growth: number;
  /** Least overlap of grown boxes for a match. */
  readonly overlapMin: number;
  /** What closeness and direction add to the overlap. */
  readonly closenessWeight: number;
  readonly directionWeight: number;
  /** Detections that confirm a track. */
  readonly confirmHits: number;
  /** How long an unseen track is reported as predicted, and an unconfirmed one kept. */
  readonly predictedMs: number;
  readonly tentativeMs: number;
  /** How long weak detections alone continue a track: a post that was once taken for a person is one no longer. */
  readonly weakMs: number;
  /** How long a lost track may come back under its number; one that has stood still, for longer. */
  readonly rememberedMs: number;
  readonly stationaryMs: number;
  /** Largest squared distance, in standard deviations, at which a lost track is taken for found again. */
  readonly returnGate: number;
  /** Least cosine of embeddings of one object. */
  readonly sameLooks: number;
}

/** The measured defaults. */
export const DEFAULT_TUNING: TrackerTuning = {
  centreStd: 0.06,
  sideStd: 0.1,
  restlessness: 0.28,
  sideRestlessness: 0.12,
  firstSpeed: 1.5,
  slowDown: 0.3,
  doubt: 2,
  growth: 0.3,
  overlapMin: 0.15,
  closenessWeight: 0.5,
  directionWeight: 0.1,
  confirmHits: 3,
  predictedMs: 1200,
  tentativeMs: 300,
  weakMs: 2000,
  rememberedMs: 10_000,
  stationaryMs: 60_000,
  returnGate: 16,
  sameLooks: 0.6,
};
