export { deskOf, type AccountDesk } from './account-desk.js';
export { Accounts, type AccountsOptions } from './accounts.js';
export type { Actor, Deed } from './audit-log.js';
export { isSameCaller, maySee, NOBODY, VISITOR, type CameraGrant, type Caller } from './caller.js';
export { ControlSocket, remoteDesk } from './control-socket.js';
export { ALL_PERMISSIONS, PERMISSIONS_OF, ROLES, type Permission, type Role } from './permissions.js';
export type { Origin, SessionView } from './sign-in.js';
export type { NewToken, TokenView } from './tokens.js';
export type { CameraList, NewUser, UserChange, UserView } from './users.js';
