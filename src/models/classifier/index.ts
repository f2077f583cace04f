export * from './classifier-head.js';
export * from './classifier-model.js';
export { FEATURE_GROUPS, FEATURE_SIDE_PX, FEATURE_TENSORS, featureNetwork } from './feature-network.js';
