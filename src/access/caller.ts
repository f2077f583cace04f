import {
  isAtLeast,
  PERMISSIONS_OF,
  PUBLIC_PERMISSIONS,
  VISITOR_PERMISSIONS,
  type Permission,
  type Role,
} from './permissions.js';

/** The cameras that someone may see; `*`: all, also those that come later. */
export type CameraGrant = '*' | ReadonlySet<string>;

/** Who asks, and what they may do. Read anew for every request; a change of rights makes another one. */
export interface Caller {
  readonly kind: 'nobody' | 'visitor' | 'session' | 'token' | 'console';
  /** Of the session or token; empty for others. */
  readonly credentialId: string;
  /** Of the user, or of the token's owner. */
  readonly userId?: string;
  /** As people and the audit log know them. */
  readonly name: string;
  readonly role?: Role;
  readonly permissions: ReadonlySet<Permission>;
  readonly cameras: CameraGrant;
}

/** Somebody without a credential. */
export const NOBODY: Caller = {
  kind: 'nobody',
  credentialId: '',
  name: 'nobody',
  permissions: PUBLIC_PERMISSIONS,
  cameras: new Set(),
};

/** Whoever is on the machine itself while there is no user yet. */
export const VISITOR: Caller = {
  kind: 'visitor',
  credentialId: '',
  name: 'local visitor',
  permissions: VISITOR_PERMISSIONS,
  cameras: '*',
};

/** The command line, on the machine of the server. */
export const CONSOLE: Caller = {
  kind: 'console',
  credentialId: '',
  name: 'command line',
  role: 'admin',
  permissions: PERMISSIONS_OF.admin,
  cameras: '*',
};

/** Whether a caller may see a camera; `*` stands for what concerns all cameras at once. */
export function maySee({ cameras }: Caller, camera: string): boolean {
  return cameras === '*' || cameras.has(camera);
}

/**
 * Whether a caller sees a camera's pictures as they are, given the least role that does. Who has no role has less than any: the visitor of a
 * server without users, too.
 */
export function seesPlain({ role }: Caller, plainFor: Role): boolean {
  return role !== undefined && isAtLeast(role, plainFor);
}

/** Whether nothing of what a caller is and may do has changed. */
export function isSameCaller(one: Caller, other: Caller): boolean {
  return (
    one.kind === other.kind &&
    one.credentialId === other.credentialId &&
    one.role === other.role &&
    sameMembers(one.permissions, other.permissions) &&
    (one.cameras === '*' || other.cameras === '*'
      ? one.cameras === other.cameras
      : sameMembers(one.cameras, other.cameras))
  );
}

function sameMembers(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((member) => other.has(member));
}
