import { AppError } from '../../src/base/index.js';
import type { ServerDependencies } from '../../src/server/index.js';

/** A machine with nothing on it, no models, and no cameras on its network: for servers that are about something else. */
export const idleHost: Pick<ServerDependencies, 'discoverCameras' | 'push' | 'uploads' | 'host' | 'models'> =
  {
    discoverCameras: () => Promise.resolve([]),
    push: () => undefined,
    uploads: {
      begin: () => Promise.reject(new AppError('server/upload-no-room', 'unavailable', 'no room here')),
      add: () => Promise.reject(new AppError('server/no-such-upload', 'not-found', 'no clip is sent here')),
    },
    models: {
      inUse: () => Promise.resolve([]),
      catalogue: () => Promise.resolve([]),
      pull: (name) =>
        Promise.reject(new AppError('model/not-found', 'not-found', `${name}: there is no such model here`)),
      cancelPull: () => Promise.resolve(),
    },
    host: () =>
      Promise.resolve({
        processors: { count: 2, busy: 0.25 },
        memory: { total: 8e9, free: 2e9 },
        analysis: { workers: 2, wantedFps: 15, fps: 14.8 },
        engine: { state: 'ready', restarts: 0 },
        ffmpeg: { version: '5.1', origin: 'path' },
        store: { kind: 'embedded', bytes: 4096 },
        pictures: { bytes: 0, bytesMax: 5e9 },
        recordings: { bytes: 0, segments: 0 },
        disk: { total: 100e9, free: 60e9, reserve: 5e9 },
        retention: { infoDays: 90, warningDays: 90, alertDays: 90, tracksDays: 30, auditDays: 365 },
      }),
  };
