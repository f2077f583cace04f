export * from './messages.js';
export * from './track-book.js';
