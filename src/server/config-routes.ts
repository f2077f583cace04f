import { z } from 'zod';
import { AppError } from '../base/index.js';
import type { Access } from './access.js';
import type { ServerDependencies } from './dependencies.js';
import { requireIfMatch } from './etag.js';
import { readBody } from './json-body.js';
import type { Route } from './route.js';

/** Body of `PATCH config`: a JSON merge patch. What it may hold, the configuration's own schema says. */
export const configPatchBody = z.record(z.string(), z.unknown());

const KEYS_NOTED_LENGTH_MAX = 1000;

/** The configuration as saved. */
export function configRoutes(
  dependencies: Pick<ServerDependencies, 'configFile' | 'accounts'>,
  access: Access,
): Route[] {
  const fileOf = () => {
    if (dependencies.configFile === undefined) throw withoutFile();
    return dependencies.configFile;
  };
  return [
    {
      path: '/api/v1/config',
      permission: 'config',
      answer: async (_request, response) => {
        const { config, etag } = await fileOf().read();
        // Express answers 304 where If-None-Match names this tag.
        response.set({ ETag: etag, 'Cache-Control': 'private, no-cache' }).json(config);
      },
    },
    {
      method: 'PATCH',
      path: '/api/v1/config',
      permission: 'config',
      answer: async (request, response, caller) => {
        const file = fileOf();
        const etag = requireIfMatch(request);
        const { config, etag: next, keys } = await file.change(readBody(request, configPatchBody), etag);
        const actor = { caller, address: access.originOf(request).address };
        const detail = keys.join(' ').slice(0, KEYS_NOTED_LENGTH_MAX);
        if (keys.length > 0) dependencies.accounts.audit.note(actor, { what: 'config.change', detail });
        response.set('ETag', next).json(config);
      },
    },
  ];
}

function withoutFile(): AppError {
  return new AppError(
    'config/no-file',
    'conflict',
    'this server was started without a configuration file: write a sightline.yaml and start it with --config sightline.yaml',
  );
}
