import type { CameraList, Caller, NewToken, Permission, Role } from '../../src/access/index.js';
import type { ServerUnderTest } from './server-under-test.js';

export const PASSWORD = 'lamp otter quartz seven';
const CONSOLE = { caller: { kind: 'console', credentialId: '', name: 'test', role: 'admin', permissions: new Set<Permission>(['accounts']), cameras: '*' } satisfies Caller, address: '' }; // prettier-ignore

/** Makes the first administrator, as the setup page does; returns the cookie. */
export async function setUp(under: ServerUnderTest, name = 'ada'): Promise<string> {
  const response = await post(under, '/api/v1/setup', {
    code: under.accounts.setupCode,
    name,
    password: PASSWORD,
  });
  if (response.status !== 204) throw new Error(`setup: ${response.status} ${await response.text()}`);
  return cookieOf(response);
}

/** Adds a user and signs in; returns the cookie. */
export async function signedIn(
  under: ServerUnderTest,
  name: string,
  role: Role,
  cameras: CameraList = '*',
): Promise<string> {
  await under.accounts.users.add({ name, password: PASSWORD, role, cameras }, CONSOLE);
  return await signIn(under, name);
}

export async function signIn(under: ServerUnderTest, name: string): Promise<string> {
  const response = await post(under, '/api/v1/login', { name, password: PASSWORD });
  if (response.status !== 204) throw new Error(`login: ${response.status} ${await response.text()}`);
  return cookieOf(response);
}

/** A token made on the command line; returns its secret. */
export async function tokenOf(under: ServerUnderTest, given: Partial<NewToken> = {}): Promise<string> {
  const { secret } = await under.accounts.tokens.create(
    { name: 'test', role: 'viewer', cameras: '*', ...given },
    CONSOLE,
  );
  return secret;
}

export function post(
  under: ServerUnderTest,
  address: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return under.fetch(address, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', origin: under.server.url, ...headers },
  });
}

/** The cookie of an answer, as a browser would send it back. */
export function cookieOf(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
