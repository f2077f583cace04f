export { eventFactsSchema, frameSchema, numberedSchemas, topicSchema } from './message-schemas.js';
export * from './messages.js';
export * from './rules/index.js';
export * from './track-book.js';
export * from './path-book.js';
export { decodePath, placeAt, type PathPoint } from './track-path.js';
