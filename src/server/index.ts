export * from './access.js';
export * from './http-server.js';
export * from './protocol.js';
export type { ServerDependencies } from './dependencies.js';
