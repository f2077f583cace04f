export { RuleEngine, type RuleEngineOptions, type RuleOutcome } from './rule-engine.js';
export type { RuleFrame } from './scene.js';
