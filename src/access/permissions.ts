/** What a caller may do. Every route and every WebSocket message type declares one. */
export type Permission =
  // Everyone, known or not.
  | 'health' // whether the server lives and is ready: for probes
  | 'dashboard' // the pages themselves, which hold no data
  | 'session' // set up, sign in, ask whether one is signed in
  // Everyone who is signed in.
  | 'account' // one's own profile, password and sessions
  // Viewers.
  | 'cameras'
  | 'live' // pictures as they come
  | 'stream' // what was seen, as it comes
  | 'events' // what was seen before
  | 'recordings' // pictures of before
  // Operators.
  | 'control' // acknowledge, move a camera
  | 'export' // take pictures away
  | 'system' // about the server
  // Administrators.
  | 'metrics'
  | 'config'
  | 'models'
  | 'accounts' // users, and everyone's tokens
  | 'audit'; // who did what

/** What a user is; each may do what those before may. */
export type Role = 'viewer' | 'operator' | 'admin';

/** The roles, from the least to the most powerful. */
export const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

/** Whether a role may do all that another may. */
export function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

const EVERYONE: readonly Permission[] = ['health', 'dashboard', 'session'];
const VIEWER: readonly Permission[] = [
  ...EVERYONE,
  'account',
  'cameras',
  'live',
  'stream',
  'events',
  'recordings',
];
const OPERATOR: readonly Permission[] = [...VIEWER, 'control', 'export', 'system'];
const ADMIN: readonly Permission[] = [...OPERATOR, 'metrics', 'config', 'models', 'accounts', 'audit'];

/** What callers without any credential may do. */
export const PUBLIC_PERMISSIONS: ReadonlySet<Permission> = new Set(EVERYONE);

/** What each role may do. */
export const PERMISSIONS_OF: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(VIEWER),
  operator: new Set(OPERATOR),
  admin: new Set(ADMIN),
};

/** Every permission. */
export const ALL_PERMISSIONS: readonly Permission[] = ADMIN;

/**
 * What a visitor on the machine itself may do before there is any user: see everything, so that the demo shows itself, and read
 * metrics. Changing anything, taking anything away and accounts wait for the first administrator.
 */
export const VISITOR_PERMISSIONS: ReadonlySet<Permission> = new Set<Permission>(
  [...VIEWER, 'system' as const, 'metrics' as const].filter((permission) => permission !== 'account'),
);
