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
import { newUploadBody, uploadQuery } from '../camera-source-routes.js';
import { cameraTestBody } from '../camera-test-routes.js';
import { pictureSearchBody } from '../classifier-bodies.js';
import { configPatchBody } from '../config-routes.js';
import { eventSourceQuery } from '../event-source-route.js';
import { followBody } from '../follow-routes.js';
import { eventQuery, markBody, trackQuery, verdictBody } from '../history-routes.js';
import { layoutsBody } from '../layout-routes.js';
import { modelPullBody } from '../model-routes.js';
import { oidcFinishBody } from '../oidc-routes.js';
import { snapshotQuery } from '../query.js';
import { clipQuery, eventClipQuery, recordingMarkQuery, recordingQuery } from '../recording-routes.js';
import { sceneBody } from '../scene-routes.js';
import { groupsQuery, similarQuery } from '../similar-routes.js';
import { textSearchQuery } from '../text-routes.js';
import { keptSnapshotQuery } from '../snapshot-routes.js';
import { tryBody } from '../try-routes.js';
import * as answers from './answers.js';
import { discoveredList, system, upload, webcam } from './host-answers.js';
import { CLASSIFIER_OPERATIONS } from './classifier-operations.js';
import { model, modelList, modelPull } from './model-answers.js';
import type { Operation } from './operation.js';

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
  'GET /api/v1/system': { summary: 'The server itself', answer: system },

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
  'POST /api/v1/oidc/start': {
    summary: 'Begin to sign in at the OpenID Connect provider: asked by our own page, which then goes there',
    status: 201,
    answer: answers.oidcStart,
  },
  'POST /api/v1/oidc/finish': {
    summary: 'Sign in with what the provider sent the browser back with',
    body: oidcFinishBody,
    status: 204,
    refusals: [409, 429],
  },
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
  'GET /api/v1/me/layouts': { summary: 'One’s layouts of the wall', answer: layoutsBody, etag: 'has' },
  'PUT /api/v1/me/layouts': {
    summary: 'Keep all of them anew; If-Match names the state that is changed',
    body: layoutsBody,
    answer: layoutsBody,
    refusals: [412, 428],
    etag: 'needs',
  },
  'GET /api/v1/users': { summary: 'All users', answer: answers.users },
  'POST /api/v1/users': {
    summary: 'Add a user',
    body: newUserBody,
    status: 201,
    answer: answers.user,
    refusals: [409],
  },
  'GET /api/v1/users/:id': { summary: 'A user', answer: answers.user, etag: 'has' },
  'PATCH /api/v1/users/:id': {
    summary: 'Change a user',
    body: userChangeBody,
    answer: answers.user,
    refusals: [409, 412],
    etag: 'honours',
  },
  'DELETE /api/v1/users/:id': {
    summary: 'Remove a user',
    status: 204,
    refusals: [409, 412],
    etag: 'honours',
  },
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
  'GET /api/v1/audit/check': {
    summary: 'Whether nothing of that was changed since the anchor, the last entry that was pruned',
    answer: answers.auditCheck,
  },

  'GET /api/v1/models': {
    summary: 'Detectors in use, where and how fast, and the catalogue of models',
    answer: modelList,
  },
  'GET /api/v1/models/:id': { summary: 'A detector in use', answer: model },
  'POST /api/v1/models/catalogue/:name/pull': {
    summary:
      'Fetch a model of the catalogue, or go on where that is under way; GET /api/v1/models tells how far it is',
    body: modelPullBody,
    status: 202,
    answer: modelPull,
  },
  'DELETE /api/v1/models/catalogue/:name/pull': {
    summary: 'Stop fetching it, or forget how that ended; what has come is kept for the next time',
    status: 204,
  },

  'GET /api/v1/config': {
    summary: 'The configuration as saved, without secrets; ETag names its state',
    answer: answers.savedConfig,
    refusals: [409],
    etag: 'has',
  },
  'PATCH /api/v1/config': {
    summary: 'Change it by a JSON merge patch (RFC 7396); If-Match names the state that is changed',
    body: configPatchBody,
    answer: answers.savedConfig,
    refusals: [409, 412, 428],
    etag: 'needs',
  },

  'GET /api/v1/cameras': { summary: 'All cameras', answer: answers.cameraList },
  'GET /api/v1/cameras/:id': { summary: 'A camera', answer: answers.camera },
  'GET /api/v1/cameras/:id/stages': {
    summary: 'Where the time of its frames goes and what became of them, over the last ten minutes',
    answer: answers.cameraStages,
  },
  'GET /api/v1/cameras/:id/snapshot.jpg': {
    summary: 'Its newest picture',
    query: snapshotQuery,
    answer: 'image/jpeg',
  },
  'POST /api/v1/cameras/test': {
    summary: 'Try a source, without saving it: what a camera with it would show',
    body: cameraTestBody,
    answer: answers.cameraTest,
  },
  'GET /api/v1/cameras/test/:picture/picture.jpg': {
    summary: 'The picture that came of it',
    answer: 'image/jpeg',
  },
  'POST /api/v1/cameras/discover': {
    summary: 'Ask the network for ONVIF cameras: it takes about three seconds',
    answer: discoveredList,
  },
  'POST /api/v1/webcams': {
    summary: 'The source of a camera whose pictures a browser sends, over the WebSocket cameras/:id/push',
    status: 201,
    answer: webcam,
  },
  'POST /api/v1/uploads': {
    summary: 'Begin to send a clip that a camera is to play',
    body: newUploadBody,
    status: 201,
    answer: upload,
  },
  'PUT /api/v1/uploads/:id': {
    summary: 'Send the next bytes of it, as application/octet-stream; with the last ones it is looked into',
    query: uploadQuery,
    bytes: true,
    answer: upload,
    refusals: [409],
  },
  'POST /api/v1/cameras/:id/follow': {
    summary: 'Follow what is in a box',
    body: followBody,
    status: 201,
    answer: answers.followed,
    refusals: [409],
  },
  'DELETE /api/v1/cameras/:id/follow/:track': { summary: 'Follow it no more', status: 204 },

  'GET /api/v1/cameras/:id/scene': {
    summary: 'Zones that were proposed last, from what the picture shows',
    answer: answers.scene,
  },
  'POST /api/v1/cameras/:id/scene': {
    summary: 'Look at some pictures, and propose zones: road, pavement and the like',
    body: sceneBody,
    answer: answers.scene,
    refusals: [409, 504],
  },

  'GET /api/v1/stream/sse': {
    summary: 'The event stream as server-sent events: each message is the data of one event, its seq the id',
    query: eventSourceQuery,
    answer: 'text/event-stream',
  },
  'GET /api/v1/events': { summary: 'Events, newest first', query: eventQuery, answer: answers.eventPage },
  'GET /api/v1/events/:id': { summary: 'An event', answer: answers.event, etag: 'has' },
  'PUT /api/v1/events/:id/mark': {
    summary: 'Keep an event, or do not',
    body: markBody,
    answer: answers.event,
    refusals: [412],
    etag: 'honours',
  },
  'PUT /api/v1/events/:id/verdict': {
    summary: 'Say whether an event was so, and comment on it',
    body: verdictBody,
    answer: answers.event,
    refusals: [412],
    etag: 'honours',
  },
  'GET /api/v1/events/:id/clip.mp4': {
    summary:
      'Its pictures, with five seconds before and after; with people covered, and of a minute at most, for those who must not see them plain',
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
  'GET /api/v1/search/text': {
    summary: 'Tracks on which a text, or one near it, is written, the nearest first',
    query: textSearchQuery,
    answer: answers.textSearch,
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
    summary: 'A clip; with people covered, and of a minute at most, for those who must not see them plain',
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

  'POST /api/v1/search/similar': {
    summary: 'Tracks that look like what a picture shows',
    body: pictureSearchBody,
    answer: answers.similarTracks,
  },
  'GET /api/v1/search/groups': {
    summary: 'Tracks that look alike, in groups',
    query: groupsQuery,
    answer: answers.lookGroups,
  },
  ...CLASSIFIER_OPERATIONS,
};
