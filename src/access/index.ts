export { isSameCaller, maySee, type CameraGrant, type Caller } from './caller.js';
export type { Permission, Role } from './permissions.js';
