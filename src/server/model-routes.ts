import type { Request } from 'express';
import { z } from 'zod';
import { maySee, type Caller } from '../access/index.js';
import { AppError } from '../base/index.js';
import type { Access } from './access.js';
import type { ServerDependencies } from './dependencies.js';
import { readBody } from './json-body.js';
import type { CatalogueModelView, ModelList, ModelView } from './model-views.js';
import type { Route } from './route.js';

/** Body of `POST models/catalogue/:name/pull`. `acceptLicence`: SPDX identifier of a licence that binds whoever uses the model. */
export const modelPullBody = z.strictObject({
  acceptLicence: z
    .string()
    .regex(/^[A-Za-z0-9.+-]{1,64}$/)
    .optional(),
});

/** What looks at pictures, where and how fast, and what else could; and fetching that. */
export function modelRoutes(
  { models, accounts }: Pick<ServerDependencies, 'models' | 'accounts'>,
  access: Access,
): Route[] {
  const pullRoute = { path: '/api/v1/models/catalogue/:name/pull', permission: 'models' } as const;
  return [
    {
      path: '/api/v1/models',
      permission: 'cameras',
      filtersCameras: true,
      answer: async (_request, response, caller) => {
        const [inUse, catalogue] = await Promise.all([models.inUse(), models.catalogue()]);
        response.json({
          models: inUse.map((model) => seenBy(caller, model)),
          catalogue: catalogue.map((model) => catalogueSeenBy(caller, model)),
        } satisfies ModelList);
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
    {
      ...pullRoute,
      method: 'POST',
      // Notes itself: which licence was accepted is worth knowing later.
      answer: async (request, response, caller) => {
        const { acceptLicence } = readBody(request, modelPullBody);
        const name = nameOf(request);
        const pull = await models.pull(name, acceptLicence === undefined ? [] : [acceptLicence]);
        const actor = { caller, address: access.originOf(request).address };
        const detail = acceptLicence === undefined ? '' : `accepts ${acceptLicence}`;
        accounts.audit.note(actor, { what: 'model.pull', target: name, detail });
        response.status(202).json(pull);
      },
    },
    {
      ...pullRoute,
      method: 'DELETE',
      audit: 'model.pull-cancel',
      answer: async (request, response) => {
        await models.cancelPull(nameOf(request));
        response.status(204).end();
      },
    },
  ];
}

const nameOf = ({ params }: Request) => String(params['name']);

/** Reasons name files and what is installed: they are for those who may know about the server. */
const isTold = ({ permissions }: Caller) => permissions.has('system');

function seenBy(caller: Caller, { reason, fallbacks, cameras, ...model }: ModelView): ModelView {
  return {
    ...model,
    cameras: cameras.filter((id) => maySee(caller, id)),
    ...(isTold(caller) && fallbacks !== undefined && { fallbacks }),
    ...(isTold(caller) && reason !== undefined && { reason }),
  };
}

function catalogueSeenBy(caller: Caller, model: CatalogueModelView): CatalogueModelView {
  if (model.pull?.reason === undefined || isTold(caller)) return model;
  const { reason: _, ...pull } = model.pull;
  return { ...model, pull };
}

function noSuchModel(): AppError {
  return new AppError(
    'server/no-such-model',
    'not-found',
    'no enabled camera uses a model of this id: see /api/v1/models',
  );
}
