export { LightMeter, type LightMeasures } from './light-meter.js';
export { LightJudge, LIGHT_REGIMES, type LightRegime } from './light-regime.js';
export { LIGHT_METHODS, LightNormaliser, type LightMethod } from './normaliser.js';
export { Relighter, type PlacedPicture, type Relighting } from './relight.js';
export { LightGate, type LightEvidence } from './light-gate.js';
