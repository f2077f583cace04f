import { z } from 'zod';
import {
  auditQuery,
  loginBody,
  newTokenBody,
  newUserBody,
  passwordBody,
  setupBody,
  userChangeBody,
} from '../account-routes.js';
import { configPatchBody } from '../config-routes.js';
import { eventSourceQuery } from '../event-source-route.js';
import { followBody } from '../follow-routes.js';
import { eventQuery, markBody, trackQuery } from '../history-routes.js';
import { snapshotQuery } from '../query.js';
import { clipQuery, eventClipQuery, recordingMarkQuery, recordingQuery } from '../recording-routes.js';
import { similarQuery } from '../similar-routes.js';
import { keptSnapshotQuery } from '../snapshot-routes.js';
import { tryBody } from '../try-routes.js';
import * as answers from './answers.js';

/** What the document says of a route beside its path and permission. */
export interface Operation {
  readonly summary: string;
  /** Those that the route itself reads with. */
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Status of success; 200 by default. */
  readonly status?: number;
  /** JSON of this form, or a media type; nothing where absent. */
  readonly answer?: z.ZodType | string;
  /** Statuses of refusals that are of this route's own, beside those that every route may have. */
  readonly refusals?: readonly number[];
}

/** Every route by its method and path, in the order of the document. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /livez': { summary: 'Whether the process lives', answer: answers.alive },
  'GET /readyz': {
    summary: 'Whether it is ready, and if not, why',
    answer: answers.readiness,
    refusals: [503],
  },
  'GET /metrics': { summary: 'Prometheus metrics', answer: 'text/plain' },
  'GET /api/v1/openapi.json': { summary: 'This document', answer: z.looseObject({ openapi: z.string() }) },
  'GET /api/v1/asyncapi.json': {
    summary: 'The AsyncAPI document of the event stream',
    answer: z.looseObject({ asyncapi: z.string() }),
  },
  'GET /api/v1/system': { summary: 'The server itself', answer: answers.system },

  'GET /api/v1/session': {
    summary: 'Whether one is signed in, and whether there are users',
    answer: answers.sessionState,
  },
  'POST /api/v1/setup': {
    summary: 'Make the first administrator',
    body: setupBody,
    status: 204,
    refusals: [409, 410, 429],
  },
  'POST /api/v1/login': { summary: 'Sign in', body: loginBody, status: 204, refusals: [429] },
  'POST /api/v1/logout': { summary: 'Sign out', status: 204 },
  'GET /api/v1/me': { summary: 'Who one is', answer: answers.me },
  'PUT /api/v1/me/password': {
    summary: 'Change the password',
    body: passwordBody,
    status: 204,
    refusals: [409, 429],
  },
  'GET /api/v1/me/sessions': { summary: 'Where one is signed in', answer: answers.sessions },
  'DELETE /api/v1/me/sessions/:id': { summary: 'End one of them', status: 204 },
  'GET /api/v1/users': { summary: 'All users', answer: answers.users },
  'POST /api/v1/users': {
    summary: 'Add a user',
    body: newUserBody,
    status: 201,
    answer: answers.user,
    refusals: [409],
  },
  'GET /api/v1/users/:id': { summary: 'A user', answer: answers.user },
  'PATCH /api/v1/users/:id': {
    summary: 'Change a user',
    body: userChangeBody,
    answer: answers.user,
    refusals: [409],
  },
  'DELETE /api/v1/users/:id': { summary: 'Remove a user', status: 204, refusals: [409] },
  'GET /api/v1/tokens': { summary: 'Tokens', answer: answers.tokens },
  'POST /api/v1/tokens': {
    summary: 'Make a token; its secret is told once',
    body: newTokenBody,
    status: 201,
    answer: answers.madeToken,
    refusals: [409],
  },
  'DELETE /api/v1/tokens/:id': { summary: 'Revoke a token', status: 204 },
  'GET /api/v1/audit': { summary: 'Who did what, newest first', query: auditQuery, answer: answers.audit },
  'GET /api/v1/audit/check': { summary: 'Whether nothing of that was changed', answer: answers.auditCheck },

  'GET /api/v1/config': {
    summary: 'The configuration as saved, without secrets; ETag names its state',
    answer: answers.savedConfig,
    refusals: [409],
  },
  'PATCH /api/v1/config': {
    summary: 'Change it by a JSON merge patch (RFC 7396); If-Match names the state that is changed',
    body: configPatchBody,
    answer: answers.savedConfig,
    refusals: [409, 412, 428],
  },

  'GET /api/v1/cameras': { summary: 'All cameras', answer: answers.cameraList },
  'GET /api/v1/cameras/:id': { summary: 'A camera', answer: answers.camera },
  'GET /api/v1/cameras/:id/snapshot.jpg': {
    summary: 'Its newest picture',
    query: snapshotQuery,
    answer: 'image/jpeg',
  },
  'POST /api/v1/cameras/:id/follow': {
    summary: 'Follow what is in a box',
    body: followBody,
    status: 201,
    answer: answers.followed,
    refusals: [409],
  },
  'DELETE /api/v1/cameras/:id/follow/:track': { summary: 'Follow it no more', status: 204 },

  'GET /api/v1/stream/sse': {
    summary: 'The event stream as server-sent events: each message is the data of one event, its seq the id',
    query: eventSourceQuery,
    answer: 'text/event-stream',
  },
  'GET /api/v1/events': { summary: 'Events, newest first', query: eventQuery, answer: answers.eventPage },
  'GET /api/v1/events/:id': { summary: 'An event', answer: answers.event },
  'PUT /api/v1/events/:id/mark': {
    summary: 'Keep an event, or do not',
    body: markBody,
    answer: answers.event,
  },
  'GET /api/v1/events/:id/clip.mp4': {
    summary: 'Its pictures, with five seconds before and after',
    query: eventClipQuery,
    answer: 'video/mp4',
    refusals: [409, 416],
  },
  'GET /api/v1/events/:id/snapshot.jpg': {
    summary: 'The picture in which it began, with what it is about',
    query: keptSnapshotQuery,
    answer: 'image/jpeg',
    refusals: [410],
  },
  'GET /api/v1/tracks': { summary: 'Tracks, newest first', query: trackQuery, answer: answers.trackPage },
  'GET /api/v1/tracks/:id': { summary: 'A track', answer: answers.track },
  'GET /api/v1/tracks/:id/path': { summary: 'Where it was', answer: answers.trackPath },
  'GET /api/v1/tracks/:id/snapshot.jpg': {
    summary: 'Its best picture',
    query: keptSnapshotQuery,
    answer: 'image/jpeg',
    refusals: [410],
  },
  'GET /api/v1/search/similar': {
    summary: 'Tracks that look like one, the most similar first',
    query: similarQuery,
    answer: answers.similarTracks,
  },
  'POST /api/v1/rules/try': {
    summary: 'What rules would have done',
    body: tryBody,
    answer: answers.rulesTrial,
  },

  'GET /api/v1/recordings': {
    summary: 'What is recorded of a camera, and what is not',
    query: recordingQuery,
    answer: answers.recordingPage,
  },
  'GET /api/v1/recordings/:camera/clip.mp4': {
    summary: 'A clip',
    query: clipQuery,
    answer: 'video/mp4',
    refusals: [409, 416],
  },
  'PUT /api/v1/recordings/:camera/mark': {
    summary: 'Keep what is recorded of a time',
    query: recordingMarkQuery,
    answer: answers.markResult,
  },
  'DELETE /api/v1/recordings/:camera/mark': {
    summary: 'Keep it no longer than usual',
    query: recordingMarkQuery,
    answer: answers.markResult,
  },
};
