export { LightMeter, type LightMeasures } from './light-meter.js';
export { LightJudge, LIGHT_REGIMES, type LightRegime } from './light-regime.js';
