import { maySee, type Caller } from '../access/index.js';
import { AppError } from '../base/index.js';
import type { ServerDependencies } from './dependencies.js';
import type { ModelList, ModelView } from './model-views.js';
import type { Route } from './route.js';

/** What looks at pictures, where and how fast, and what else could. */
export function modelRoutes({ models }: Pick<ServerDependencies, 'models'>): Route[] {
  return [
    {
      path: '/api/v1/models',
      permission: 'cameras',
      filtersCameras: true,
      answer: async (_request, response, caller) => {
        const [inUse, catalogue] = await Promise.all([models.inUse(), models.catalogue()]);
        response.json({ models: inUse.map((model) => seenBy(caller, model)), catalogue } satisfies ModelList);
      },
    },
    {
      path: '/api/v1/models/:id',
      permission: 'cameras',
      filtersCameras: true,
      answer: async (request, response, caller) => {
        const model = (await models.inUse()).find(({ id }) => id === request.params['id']);
        if (model === undefined) throw noSuchModel();
        response.json(seenBy(caller, model));
      },
    },
  ];
}

/** Reasons name files and what is installed: they are for those who may know about the server. */
function seenBy(caller: Caller, { reason, fallbacks, cameras, ...model }: ModelView): ModelView {
  const isTold = caller.permissions.has('system');
  return {
    ...model,
    cameras: cameras.filter((id) => maySee(caller, id)),
    ...(isTold && fallbacks !== undefined && { fallbacks }),
    ...(isTold && reason !== undefined && { reason }),
  };
}

function noSuchModel(): AppError {
  return new AppError(
    'server/no-such-model',
    'not-found',
    'no enabled camera uses a model of this id: see /api/v1/models',
  );
}
