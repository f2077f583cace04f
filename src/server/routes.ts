import { existsSync } from 'node:fs';
import path from 'node:path';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { AppError } from '../base/index.js';
import { METRICS_CONTENT_TYPE } from '../metrics/index.js';
import type { Access, Permission } from './access.js';
import type { ServerDependencies } from './dependencies.js';
import { fromExpress, notFound, PROBLEM_CONTENT_TYPE, problemOf, RETRY_AFTER_SECONDS } from './problem.js';
import type { CameraList, SystemView } from './protocol.js';
import { recordingRoutes } from './recording-routes.js';

/** A REST route. All are GET: nothing can be changed over HTTP yet. */
export interface Route {
  readonly path: string;
  readonly permission: Permission;
  readonly answer: (request: Request, response: Response) => void | Promise<void>;
}

/** What the routes answer from. */
export interface RoutesOptions {
  readonly dependencies: ServerDependencies;
  readonly access: Access;
  readonly dashboardDir: string;
  readonly system: () => SystemView;
}

const SNAPSHOT_WIDTH_MIN = 16;
const SNAPSHOT_WIDTH_MAX = 4096;
/** Vite's names for built assets: `assets/index-DiwrgTda.js`. Their content never changes. */
const HASHED_ASSET = /-[\w-]{8}\.\w+$/;

/** The express application: REST, health, metrics and the dashboard's files. */
export function createRoutes(options: RoutesOptions): Express {
  const { access, dashboardDir, dependencies } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(securityHeaders());

  for (const route of routesOf(options)) {
    app.get(route.path, async (request, response) => {
      access.authorise(request, route.permission);
      response.set('Cache-Control', 'no-store');
      await route.answer(request, response);
    });
    app.all(route.path, (request, response) => {
      access.authorise(request, route.permission);
      response.set('Allow', 'GET, HEAD');
      throw methodNotAllowed();
    });
  }
  // WebSockets arrive as upgrades, not here: a plain request to such an address is told so.
  for (const address of ['/api/v1/stream', '/api/v1/cameras/:id/live'])
    app.all(address, (request, response) => {
      access.authorise(request, 'stream');
      response.set('Upgrade', 'websocket');
      throw new AppError('server/upgrade-required', 'input', 'this address speaks WebSocket only');
    });

  app.use((request, response, next) => {
    access.authorise(request, 'dashboard');
    if (request.path.startsWith('/api/')) throw notFound();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.set('Allow', 'GET, HEAD');
      throw methodNotAllowed();
    }
    if (request.path === '/' && !existsSync(path.join(dashboardDir, 'index.html')))
      throw new AppError(
        'server/dashboard-missing',
        'unavailable',
        'the dashboard has not been built: run `npm run build`; the API works without it',
      );
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
    response.send(JSON.stringify(problem));
  });
  return app;
}

function routesOf({ dependencies, system }: RoutesOptions): Route[] {
  return [
    {
      path: '/livez',
      permission: 'health',
      answer: (_request, response) => void response.json({ alive: true }),
    },
    {
      path: '/readyz',
      permission: 'health',
      answer: (_request, response) => {
        const readiness = dependencies.readiness();
        response.status(readiness.ready ? 200 : 503).json(readiness);
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
      answer: (_request, response) =>
        void response.json({ cameras: dependencies.cameras() } satisfies CameraList),
    },
    {
      path: '/api/v1/cameras/:id',
      permission: 'cameras',
      answer: (request, response) => {
        const camera = dependencies.camera(String(request.params['id']));
        if (camera === undefined) throw cameraNotFound();
        response.json(camera);
      },
    },
    {
      path: '/api/v1/cameras/:id/snapshot.jpg',
      permission: 'live',
      answer: async (request, response) => {
        const id = String(request.params['id']);
        const widthPx = snapshotWidth(request.query['width']);
        const camera = dependencies.camera(id);
        if (camera === undefined) throw cameraNotFound();
        if (camera.state !== 'live') throw cameraNotLive();
        const picture = await dependencies.snapshot(id, widthPx);
        if (picture === undefined) throw cameraNotFound();
        response.type('image/jpeg').send(picture);
      },
    },
    ...recordingRoutes(dependencies),
    {
      path: '/api/v1/system',
      permission: 'system',
      answer: (_request, response) => void response.json(system()),
    },
  ];
}

/** The answer for a camera that is not there; does not repeat the asked-for id. */
export function cameraNotFound(): AppError {
  return new AppError(
    'server/no-such-camera',
    'not-found',
    'there is no camera of this id: see /api/v1/cameras',
  );
}

function cameraNotLive(): AppError {
  const message = 'the camera is not live now: its state is at /api/v1/cameras; try again when it is live';
  return new AppError('server/camera-not-live', 'unavailable', message);
}

/** @throws {AppError} `server/bad-query` */
function snapshotWidth(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const widthPx = typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : NaN;
  if (widthPx >= SNAPSHOT_WIDTH_MIN && widthPx <= SNAPSHOT_WIDTH_MAX) return widthPx;
  const range = `${SNAPSHOT_WIDTH_MIN} to ${SNAPSHOT_WIDTH_MAX}`;
  throw new AppError(
    'server/bad-query',
    'input',
    `width must be given once, as a whole number of pixels, ${range}`,
  );
}

function methodNotAllowed(): AppError {
  return new AppError('server/method-not-allowed', 'input', 'this address can only be read (GET)');
}

/** Nothing from elsewhere may be loaded, framed or run. `blob:` media is how MSE feeds a video element. */
function securityHeaders(): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Served over plain HTTP on loopback; a proxy that terminates TLS adds this itself.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}
