import { z } from 'zod';
import { NOBODY } from '../../access/index.js';
import { PROBLEM_CONTENT_TYPE } from '../problem.js';
import type { Route } from '../route.js';
import { problem } from './answers.js';
import type { Operation } from './operation.js';
import { OPERATIONS } from './operations.js';
import { tagOf, TAGS } from './tags.js';

type Json = Readonly<Record<string, unknown>>;

/** Refusals that every route may have: of what is asked, of who asks, of a thing that is not there, of a server that cannot now. */
const REFUSALS = [400, 401, 403, 404, 405, 413, 415, 422, 429, 500, 503];
const REASONS: Readonly<Record<number, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Begun; it goes on',
  204: 'Done; there is nothing to tell',
  400: 'The request is not as it should be',
  401: 'Sign in, or send a token',
  403: 'The role, or the token, may not do that',
  404: 'It is not there, or may not be seen',
  405: 'The address does not take this method',
  409: 'It contradicts what is',
  410: 'That is over',
  412: 'It has changed since it was read',
  413: 'The body is too large',
  415: 'The body is not JSON',
  416: 'There is nothing in the range that is asked for',
  422: 'The body does not fit',
  428: 'If-Match is missing',
  429: 'Too many attempts: wait as Retry-After says',
  500: 'A defect of the server',
  504: 'It took too long',
  503: 'Not now: try again as Retry-After says',
};

const REFUSAL_ANSWERS = Object.fromEntries(
  Object.entries(REASONS)
    .filter(([status]) => Number(status) >= 400)
    .map(([status, description]) => [
      `Refusal${status}`,
      {
        description,
        content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
);

const DESCRIPTION = [
  'Times are ISO 8601, boxes [x1, y1, x2, y2] in pixels of the source. The messages of the event stream are told in',
  '[asyncapi.json](/api/v1/asyncapi.json), all error codes in `docs/errors.md`.',
  '',
  'Programs send a token: `Authorization: Bearer …`. A browser that is signed in sends its session by itself, and may change',
  'something only from a page of this server. Until the first user exists, who is on the machine itself may look at everything.',
].join('\n');

/**
 * The OpenAPI 3.1 document of all routes, made from the schemas that they read with.
 * @param version of the server
 * @param cookie the name of the session's, which TLS decides
 */
export function openApiDocument(routes: readonly Route[], version: string, cookie: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  const byTitle = new Map(routes.map((route) => [titleOf(route), route]));
  for (const [title, operation] of Object.entries(OPERATIONS)) {
    const route = byTitle.get(title);
    if (route === undefined) continue;
    const address = route.path.replace(/:(\w+)/g, '{$1}');
    const method = (route.method ?? 'GET').toLowerCase();
    (paths[address] ??= {})[method] = operationOf(route, operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sightline',
      version,
      description: DESCRIPTION,
    },
    tags: TAGS,
    paths,
    components: {
      schemas: { Problem: schemaOf(problem) },
      responses: REFUSAL_ANSWERS,
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: cookie,
          description:
            'What POST /api/v1/login sets. A browser sends it by itself: there is nothing to enter.',
        },
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Made by POST /api/v1/tokens or `sightline token create`.',
        },
      },
    },
    security: [{ session: [] }, { token: [] }],
  };
}

/** As {@link OPERATIONS} names a route. */
export function titleOf({ method = 'GET', path }: Route): string {
  return `${method} ${path}`;
}

function operationOf({ path, permission }: Route, operation: Operation): Json {
  const { summary, query, body, bytes, status = 200, answer, refusals = [], etag } = operation;
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const parameters = [...inPath, ...parametersOf(query), ...ifMatchOf(etag)];
  const failures = [...new Set([...REFUSALS, ...refusals])].sort((a, b) => a - b);
  return {
    tags: [tagOf(path)],
    summary,
    description: `Permission: \`${permission}\`.`,
    ...(NOBODY.permissions.has(permission) && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    ...(bytes === true && {
      requestBody: { required: true, content: { 'application/octet-stream': { schema: {} } } },
    }),
    responses: {
      [status]: {
        description: REASONS[status],
        ...(etag !== undefined && status !== 204 && { headers: { ETag: ETAG } }),
        ...(answer !== undefined && { content: contentOf(answer) }),
      },
      ...Object.fromEntries(
        failures.map((failure) => [failure, { $ref: `#/components/responses/Refusal${failure}` }]),
      ),
    },
  };
}

const ETAG: Json = {
  description: 'Names the state that is answered, for If-Match and If-None-Match.',
  required: true,
  schema: { type: 'string' },
};

function ifMatchOf(etag: Operation['etag']): Json[] {
  if (etag === undefined || etag === 'has') return [];
  const description = 'The ETag of the state that is changed: refused with 412 if it is another by now.';
  return [
    { name: 'If-Match', in: 'header', required: etag === 'needs', description, schema: { type: 'string' } },
  ];
}

function contentOf(answer: z.ZodType | string): Json {
  if (typeof answer === 'string') return { [answer]: { schema: {} } };
  return { 'application/json': { schema: schemaOf(answer) } };
}

function parametersOf(query: z.ZodType | undefined): Json[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, Json>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output' = 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // What holds of every whole number of JavaScript says nothing.
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return rest;
}
