import { z } from 'zod';
import type { WallLayout } from '../access/index.js';
import type { ServerDependencies } from './dependencies.js';
import { answerTagged, checkIfMatch, requireIfMatch } from './etag.js';
import { readBody } from './json-body.js';
import type { WallLayoutList } from './protocol.js';
import { cameraId } from './query.js';
import type { Route } from './route.js';

const LAYOUTS_MAX = 50;
/** So many pictures the wall shows at once. */
const CAMERAS_MAX = 36;

const layout = z.strictObject({
  name: z.string().regex(/^[^\p{C}]{1,40}$/u, { error: 'give it 1 to 40 printable characters' }),
  cameras: z.array(cameraId).max(CAMERAS_MAX),
  columns: z.int().min(1).max(6).optional(),
});

/** Body of `PUT me/layouts`: all layouts of the wall, in their order. */
export const layoutsBody = z.strictObject({
  layouts: z
    .array(layout)
    .max(LAYOUTS_MAX)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
      error: 'no two layouts have the same name',
    }),
});

/** The layouts of the wall that whoever asks has made. */
export function layoutRoutes({
  accounts: { layouts: kept },
}: {
  readonly accounts: Pick<ServerDependencies['accounts'], 'layouts'>;
}): Route[] {
  const route = { path: '/api/v1/me/layouts', permission: 'account' } as const;
  const viewOf = (layouts: readonly WallLayout[]) => ({ layouts }) satisfies WallLayoutList;
  return [
    {
      ...route,
      answer: async (_request, response, caller) => answerTagged(response, viewOf(await kept.of(caller))),
    },
    {
      ...route,
      method: 'PUT',
      audit: 'layouts.change',
      answer: async (request, response, caller) => {
        requireIfMatch(request);
        const { layouts } = readBody(request, layoutsBody);
        await kept.keep(caller, layouts, (before) => checkIfMatch(request, viewOf(before)));
        answerTagged(response, viewOf(layouts));
      },
    },
  ];
}
