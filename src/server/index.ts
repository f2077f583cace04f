export { MESSAGE_PERMISSIONS } from './access.js';
export * from './http-server.js';
export * from './protocol.js';
export { CAMERA_PERMISSIONS, type Route } from './route.js';
export { routesOf } from './routes.js';
export type { ServerDependencies } from './dependencies.js';
