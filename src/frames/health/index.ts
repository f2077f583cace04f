export * from './faults.js';
export { HealthWatch } from './health-watch.js';
