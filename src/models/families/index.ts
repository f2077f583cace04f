import { centernet } from './centernet.js';
import type { DetectorFamily } from './detector-family.js';

/** All families, in the order in which a model is held against them: a family's marks must not fit models of a later one. */
export const FAMILIES: readonly DetectorFamily[] = [centernet];
