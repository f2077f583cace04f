export { RuleEngine, type RuleEngineOptions, type RuleOutcome } from './rule-engine.js';
export type { RuleFrame } from './scene.js';
export { TemporalRules } from './temporal-rules.js';
export { storedFrames, type PastTrack } from './stored-frames.js';
