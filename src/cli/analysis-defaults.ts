/** Lowest score of detections that are written or measured: precision at high recall needs the weak ones too. */
export const MEASURED_SCORE_MIN = 0.01;
/** Lowest score that begins a track. */
export const DEFAULT_SCORE_MIN = 0.4;
/** Longer side of the analysed picture. */
export const DEFAULT_LONG_SIDE_PX = 512;
