import { existsSync } from 'node:fs';
import path from 'node:path';
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { maySee, type Caller } from '../access/index.js';
import { AppError } from '../base/index.js';
import { METRICS_CONTENT_TYPE } from '../metrics/index.js';
import type { Access } from './access.js';
import { accountRoutes } from './account-routes.js';
import { serveApiDocs } from './api-docs.js';
import { cameraSourceRoutes } from './camera-source-routes.js';
import { cameraTestRoutes } from './camera-test-routes.js';
import { classifierRoutes } from './classifier-routes.js';
import { configRoutes } from './config-routes.js';
import type { ServerDependencies } from './dependencies.js';
import { eventSourceRoute, type Streams } from './event-source-route.js';
import { followRoutes } from './follow-routes.js';
import { historyRoutes } from './history-routes.js';
import { byteBodies, jsonBodies } from './json-body.js';
import { asyncApiDocument } from './openapi/asyncapi-document.js';
import { openApiDocument } from './openapi/document.js';
import {
  cameraNotFound,
  cameraNotLive,
  fromExpress,
  methodNotAllowed,
  notBuilt,
  notFound,
  PROBLEM_CONTENT_TYPE,
  problemOf,
  RETRY_AFTER_SECONDS,
} from './problem.js';
import { isPlain, pictureFor, requirePlain } from './redaction.js';
import type { CameraList, CameraView, Readiness, ServerFacts, SystemView } from './protocol.js';
import { modelRoutes } from './model-routes.js';
import { layoutRoutes } from './layout-routes.js';
import { oidcRoutes } from './oidc-routes.js';
import { recordingRoutes } from './recording-routes.js';
import { sceneRoutes } from './scene-routes.js';
import { similarRoutes } from './similar-routes.js';
import { textRoutes } from './text-routes.js';
import { snapshotRoutes } from './snapshot-routes.js';
import { CAMERA_PERMISSIONS, type Route } from './route.js';
import { readQuery, snapshotQuery } from './query.js';
import { SOCKETS } from './sockets.js';
import { permissionsPolicy, securityHeaders } from './security-headers.js';
import { tryRoutes } from './try-routes.js';

/** What the routes answer from. */
export interface RoutesOptions {
  readonly dependencies: ServerDependencies;
  readonly access: Access;
  /** Browsers reach the server over TLS. */
  readonly isSecure: boolean;
  readonly dashboardDir: string;
  readonly system: () => ServerFacts;
  readonly streams: Streams;
}

/** Vite's names for built assets: `assets/index-DiwrgTda.js`. Their content never changes. */
const HASHED_ASSET = /-[\w-]{8}\.\w+$/;

/** The express application: REST, health, metrics and the dashboard's files. */
export function createRoutes(options: RoutesOptions): Express {
  const { access, dashboardDir, dependencies } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(securityHeaders(options), permissionsPolicy);

  const routes = routesOf(options);
  for (const route of routes) addRoute(app, route, options);
  for (const path of new Set(routes.map((route) => route.path))) {
    const ofPath = routes.filter((route) => route.path === path);
    const allowed = ofPath.flatMap(({ method = 'GET' }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    app.all(path, (request, response) => {
      access.authorise(request, ofPath[0]!.permission);
      response.set('Allow', allowed.join(', '));
      throw methodNotAllowed(allowed);
    });
  }
  // WebSockets arrive as upgrades, not here: a plain request to such an address is told so.
  for (const { path: address, permission } of SOCKETS)
    app.all(address, (request, response) => {
      access.authorise(request, permission);
      response.set('Upgrade', 'websocket');
      throw new AppError('server/upgrade-required', 'input', 'this address speaks WebSocket only');
    });

  serveApiDocs(app, access);
  app.use((request, response, next) => {
    access.authorise(request, 'dashboard');
    if (request.path.startsWith('/api/')) throw notFound();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.set('Allow', 'GET, HEAD');
      throw methodNotAllowed(['GET', 'HEAD']);
    }
    if (request.path === '/' && !existsSync(path.join(dashboardDir, 'index.html')))
      throw notBuilt('the dashboard has');
    next();
  });
  app.use(
    express.static(dashboardDir, {
      redirect: false,
      setHeaders(response, file) {
        const isImmutable = HASHED_ASSET.test(path.basename(file));
        response.set('Cache-Control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  app.use(() => {
    throw notFound();
  });
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    const problem = problemOf(fromExpress(error));
    if (problem.status >= 500 && problem.code === 'internal/unexpected')
      dependencies.log.error({ err: error, method: request.method }, 'a request failed');
    if (response.headersSent) return next(error);
    response.status(problem.status).set('Cache-Control', 'no-store').type(PROBLEM_CONTENT_TYPE);
    const retrySeconds = RETRY_AFTER_SECONDS[problem.code];
    if (retrySeconds !== undefined) response.set('Retry-After', String(retrySeconds));
    if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer');
    response.send(JSON.stringify(problem));
  });
  return app;
}

/** Checks, in this order: who asks and what they may, whether they may see the camera, the body; then answers and notes it. */
function addRoute(app: Express, route: Route, { access, dependencies }: RoutesOptions): void {
  const { method = 'GET', path: address, permission, cameraOf, filtersCameras, pictures, audit } = route;
  const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  const authorise = (request: Request, response: Response, next: NextFunction) => {
    const caller = access.authorise(request, permission);
    if (cameraOf !== undefined && !maySee(caller, cameraOf(request))) throw cameraNotFound();
    if (cameraOf !== undefined && pictures === 'plain') requirePlain(dependencies, caller, cameraOf(request));
    const isUndeclared =
      CAMERA_PERMISSIONS.has(permission) && cameraOf === undefined && filtersCameras !== true;
    if (isUndeclared && caller.cameras !== '*') throw onlyForAllCameras();
    response.locals['caller'] = caller;
    response.set('Cache-Control', 'no-store');
    next();
  };
  app[verb](address, authorise, ...bodiesOf(route), async (request, response) => {
    const caller = response.locals['caller'] as Caller;
    await route.answer(request, response, caller);
    if (audit === undefined || response.statusCode >= 400) return;
    const actor = { caller, address: access.originOf(request).address };
    const deed = { what: audit, target: cameraOf?.(request) ?? '' };
    if (method === 'GET') dependencies.accounts.audit.noteLook(actor, deed);
    else dependencies.accounts.audit.note(actor, { ...deed, detail: request.path });
  });
}

/** What reads the body of a request to a route. */
function bodiesOf({ method = 'GET', takesBytes }: Route): RequestHandler[] {
  if (method === 'GET') return [];
  return takesBytes === true ? byteBodies() : jsonBodies();
}

/** Every route: what a test walks to see that each refuses whom it must, and lets in whom it may. */
export function routesOf(options: RoutesOptions): Route[] {
  const { access, dependencies, system } = options;
  const asSeenBy = (caller: Caller, camera: CameraView): CameraView =>
    isPlain(dependencies, caller, camera.id) ? camera : { ...camera, redacted: true };
  return [
    ...accountRoutes({ accounts: dependencies.accounts, access }),
    ...layoutRoutes(dependencies),
    ...oidcRoutes({ accounts: dependencies.accounts, access }),
    ...historyRoutes(dependencies),
    ...snapshotRoutes(dependencies),
    ...similarRoutes(dependencies),
    ...textRoutes(dependencies),
    ...classifierRoutes(dependencies),
    ...followRoutes(dependencies),
    ...sceneRoutes(dependencies),
    ...tryRoutes(dependencies),
    ...modelRoutes(dependencies, access),
    ...configRoutes(dependencies, access),
    ...cameraSourceRoutes(dependencies),
    ...cameraTestRoutes(dependencies, access),
    eventSourceRoute(() => options.streams),
    {
      path: '/api/v1/openapi.json',
      permission: 'dashboard',
      answer: (_request, response) =>
        void response
          .set('Cache-Control', 'no-cache')
          .json(openApiDocument(routesOf(options), options.system().version, access.cookie.name)),
    },
    {
      path: '/api/v1/asyncapi.json',
      permission: 'dashboard',
      answer: (_request, response) =>
        void response.json(asyncApiDocument(options.system().version, access.cookie.name)),
    },
    {
      path: '/livez',
      permission: 'health',
      answer: (_request, response) => void response.json({ alive: true }),
    },
    {
      path: '/readyz',
      permission: 'health',
      answer: (request, response) => {
        const readiness = dependencies.readiness();
        const mayKnow = access.identify(request).permissions.has('system');
        response.status(readiness.ready ? 200 : 503).json(mayKnow ? readiness : withoutDetails(readiness));
      },
    },
    {
      path: '/metrics',
      permission: 'metrics',
      answer: async (_request, response) => {
        const text = await dependencies.metrics.text();
        response.set('Content-Type', METRICS_CONTENT_TYPE).send(text);
      },
    },
    {
      path: '/api/v1/cameras',
      permission: 'cameras',
      filtersCameras: true,
      answer: (_request, response, caller) => {
        const seen = dependencies.cameras().filter(({ id }) => maySee(caller, id));
        const cameras = seen.map((camera) => asSeenBy(caller, camera));
        const health = dependencies.readiness().engine?.health;
        response.json({ cameras, ...(health !== undefined && { engine: health }) } satisfies CameraList);
      },
    },
    {
      path: '/api/v1/cameras/:id',
      permission: 'cameras',
      cameraOf: idOf,
      answer: (request, response, caller) => {
        const camera = dependencies.camera(idOf(request));
        if (camera === undefined) throw cameraNotFound();
        response.json(asSeenBy(caller, camera));
      },
    },
    {
      path: '/api/v1/cameras/:id/stages',
      permission: 'cameras',
      cameraOf: idOf,
      answer: (request, response) => {
        const stages = dependencies.stages(idOf(request));
        if (stages === undefined) throw cameraNotFound();
        response.json(stages);
      },
    },
    {
      path: '/api/v1/cameras/:id/snapshot.jpg',
      permission: 'live',
      cameraOf: idOf,
      pictures: 'redactable',
      audit: 'picture.view',
      answer: async (request, response, caller) => {
        const id = idOf(request);
        const { width: widthPx } = readQuery(request, snapshotQuery);
        const camera = dependencies.camera(id);
        if (camera === undefined) throw cameraNotFound();
        if (camera.state !== 'live') throw cameraNotLive();
        const picture = await dependencies.snapshot(id, widthPx);
        if (picture === undefined) throw cameraNotFound();
        const shown = await pictureFor(dependencies, caller, { camera: id, jpeg: picture, known: [] });
        response.type('image/jpeg').send(shown);
      },
    },
    ...recordingRoutes(dependencies),
    {
      path: '/api/v1/system',
      permission: 'system',
      answer: async (_request, response) =>
        void response.json({ ...system(), ...(await dependencies.host()) } satisfies SystemView),
    },
  ];
}

function onlyForAllCameras(): AppError {
  return new AppError('server/forbidden', 'unauthorized', 'this is only for those who may see all cameras');
}

const idOf = (request: Request) => String(request.params['id']);

/** What probes are told: reasons name cameras, paths and versions. */
function withoutDetails({ ready, cameras: _, ...rest }: Readiness): {
  ready: boolean;
  reasons: readonly string[];
} {
  return {
    ready,
    reasons: rest.reasons.length === 0 ? [] : ['sign in, or send a token, to read the reasons'],
  };
}
