import type { Request, Response } from 'express';
import { z } from 'zod';
import { ALL_PERMISSIONS, ROLES, type Accounts, type Caller } from '../access/index.js';
import type { Access } from './access.js';
import { answerTagged, checkIfMatch } from './etag.js';
import { readBody } from './json-body.js';
import type { MeView, SessionState } from './protocol.js';
import { cameraId, readQuery, wholeNumber } from './query.js';
import type { Route } from './route.js';

const name = z.string().min(1).max(63);
/** Bounds only: what makes a password good is not asked when it is compared. */
const password = z.string().min(1).max(1000);
const cameras = z.union([z.literal('*'), z.array(cameraId).max(1000)]);
const role = z.enum(ROLES);

/** Body of `POST setup`. */
export const setupBody = z.strictObject({ code: z.string().min(1).max(64), name, password });
/** Body of `POST login`. */
export const loginBody = z.strictObject({ name, password });
/** Body of `PUT me/password`. */
export const passwordBody = z.strictObject({ current: z.string().max(1000).default(''), next: password });
/** Body of `POST users`. */
export const newUserBody = z.strictObject({ name, password, role, cameras: cameras.default('*') });
/** Body of `PATCH users/:id`. */
export const userChangeBody = z.strictObject({
  role: role.optional(),
  cameras: cameras.optional(),
  password: password.optional(),
});
/** Body of `POST tokens`. */
export const newTokenBody = z.strictObject({
  name: z.string().regex(/^[^\p{C}]{1,100}$/u, { error: 'give it 1 to 100 printable characters' }),
  role: role.default('viewer'),
  cameras: cameras.default('*'),
  only: z.array(z.enum(ALL_PERMISSIONS)).min(1).max(ALL_PERMISSIONS.length).optional(),
  days: z.int().min(1).max(3650).optional(),
});

const AUDIT_PAGE_MAX = 1000;
/** Query of `GET audit`. */
export const auditQuery = z.strictObject({
  before: wholeNumber(1, Number.MAX_SAFE_INTEGER).default(Number.MAX_SAFE_INTEGER),
  limit: wholeNumber(1, AUDIT_PAGE_MAX).default(100),
});

/** Setting up, signing in and out, one's own account, users, tokens and the audit log. */
export function accountRoutes({ accounts, access }: { accounts: Accounts; access: Access }): Route[] {
  const actorOf = (request: Request, caller: Caller) => ({
    caller,
    address: access.originOf(request).address,
  });
  const idOf = (request: Request) => String(request.params['id']);
  const startSession = (response: Response, secret: string) => {
    access.cookie.set(response, secret);
    response.status(204).end();
  };

  return [
    {
      path: '/api/v1/session',
      permission: 'session',
      answer: (request, response) => {
        const caller = access.identify(request);
        const isKnown = caller.kind !== 'nobody' && caller.kind !== 'visitor';
        response.json({
          needsSetup: !accounts.hasUsers,
          isVisitor: caller.kind === 'visitor',
          ...(accounts.oidc !== undefined && { oidc: { name: accounts.oidc.name } }),
          ...(isKnown ? { me: meOf(caller) } : {}),
        } satisfies SessionState);
      },
    },
    {
      method: 'POST',
      path: '/api/v1/setup',
      permission: 'session',
      answer: async (request, response) =>
        startSession(
          response,
          await accounts.signIn.setup(readBody(request, setupBody), access.originOf(request)),
        ),
    },
    {
      method: 'POST',
      path: '/api/v1/login',
      permission: 'session',
      answer: async (request, response) =>
        startSession(
          response,
          await accounts.signIn.signIn(readBody(request, loginBody), access.originOf(request)),
        ),
    },
    {
      method: 'POST',
      path: '/api/v1/logout',
      permission: 'account',
      answer: async (request, response, caller) => {
        await accounts.signIn.signOut(caller, access.originOf(request));
        access.cookie.clear(response);
        response.status(204).end();
      },
    },
    {
      path: '/api/v1/me',
      permission: 'account',
      answer: (_request, response, caller) => void response.json(meOf(caller)),
    },
    {
      method: 'PUT',
      path: '/api/v1/me/password',
      permission: 'account',
      answer: async (request, response, caller) => {
        await accounts.signIn.changePassword(
          caller,
          readBody(request, passwordBody),
          access.originOf(request),
        );
        response.status(204).end();
      },
    },
    {
      path: '/api/v1/me/sessions',
      permission: 'account',
      answer: (_request, response, caller) => {
        const sessions = accounts.signIn.sessionsOf(caller);
        response.json({
          sessions: sessions.map((one) => ({ ...one, isCurrent: one.id === caller.credentialId })),
        });
      },
    },
    {
      method: 'DELETE',
      path: '/api/v1/me/sessions/:id',
      permission: 'account',
      answer: async (request, response, caller) => {
        await accounts.signIn.endSession(caller, idOf(request), access.originOf(request));
        response.status(204).end();
      },
    },
    {
      path: '/api/v1/users',
      permission: 'accounts',
      answer: (_request, response) => void response.json({ users: accounts.users.list() }),
    },
    {
      method: 'POST',
      path: '/api/v1/users',
      permission: 'accounts',
      answer: async (request, response, caller) => {
        const user = await accounts.users.add(readBody(request, newUserBody), actorOf(request, caller));
        response.status(201).json(user);
      },
    },
    {
      path: '/api/v1/users/:id',
      permission: 'accounts',
      answer: (request, response) => answerTagged(response, accounts.users.get(idOf(request))),
    },
    {
      method: 'PATCH',
      path: '/api/v1/users/:id',
      permission: 'accounts',
      answer: async (request, response, caller) => {
        const change = readBody(request, userChangeBody);
        const check = (now: unknown) => checkIfMatch(request, now);
        const changed = await accounts.users.change(idOf(request), change, actorOf(request, caller), check);
        answerTagged(response, changed);
      },
    },
    {
      method: 'DELETE',
      path: '/api/v1/users/:id',
      permission: 'accounts',
      answer: async (request, response, caller) => {
        const check = (now: unknown) => checkIfMatch(request, now);
        await accounts.users.remove(idOf(request), actorOf(request, caller), check);
        response.status(204).end();
      },
    },
    {
      path: '/api/v1/tokens',
      permission: 'account',
      answer: (_request, response, caller) => void response.json({ tokens: accounts.tokens.list(caller) }),
    },
    {
      method: 'POST',
      path: '/api/v1/tokens',
      permission: 'account',
      answer: async (request, response, caller) => {
        const made = await accounts.tokens.create(readBody(request, newTokenBody), actorOf(request, caller));
        response.status(201).json(made);
      },
    },
    {
      method: 'DELETE',
      path: '/api/v1/tokens/:id',
      permission: 'account',
      answer: async (request, response, caller) => {
        await accounts.tokens.revoke(idOf(request), actorOf(request, caller));
        response.status(204).end();
      },
    },
    {
      path: '/api/v1/audit',
      permission: 'audit',
      answer: async (request, response) => {
        const { before: beforeSeq, limit } = readQuery(request, auditQuery);
        response.json({ entries: await accounts.audit.read({ beforeSeq, limit }) });
      },
    },
    {
      path: '/api/v1/audit/check',
      permission: 'audit',
      answer: async (_request, response) => void response.json(await accounts.audit.check()),
    },
  ];
}

function meOf({ kind, name, role, permissions, cameras }: Caller): MeView {
  return {
    kind: kind === 'token' ? 'token' : 'session',
    name,
    ...(role === undefined ? {} : { role }),
    permissions: [...permissions],
    cameras: cameras === '*' ? '*' : [...cameras],
  };
}
