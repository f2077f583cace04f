export { MESSAGE_PERMISSIONS } from './access.js';
export * from './http-server.js';
export { PIECE_BYTES_MAX } from './json-body.js';
export * from './protocol.js';
export { CAMERA_PERMISSIONS, type Route } from './route.js';
export { routesOf } from './routes.js';
export { SOCKETS } from './sockets.js';
export type { CameraRedaction, ServerDependencies } from './dependencies.js';
