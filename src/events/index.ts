export * from './messages.js';
export * from './rules/index.js';
export * from './track-book.js';
