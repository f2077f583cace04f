export { type Journal } from './journal.js';
export * from './store.js';
