import createFetchClient, { type Client } from 'openapi-fetch';
import { authorizationOf, type Reach } from './connection.js';
import { EventStream, type EventStreamOptions } from './event-stream.js';
import type { paths } from './gen/rest.js';
import { errorOf, SightlineError, type Problem } from './problem.js';

type EventQuery = NonNullable<paths['/api/v1/events']['get']['parameters']['query']>;
type TrackQuery = NonNullable<paths['/api/v1/tracks']['get']['parameters']['query']>;
type EventPage = paths['/api/v1/events']['get']['responses'][200]['content']['application/json'];
type TrackPage = paths['/api/v1/tracks']['get']['responses'][200]['content']['application/json'];
/** An event as it is by now. */
export type EventView = paths['/api/v1/events/{id}']['get']['responses'][200]['content']['application/json'];
/** A track as it is by now. */
export type TrackView = paths['/api/v1/tracks/{id}']['get']['responses'][200]['content']['application/json'];

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** One Sightline server. */
export class SightlineClient {
  /** All of REST, typed by its OpenAPI document: `rest.GET('/api/v1/cameras')` answers `{ data, error, response }`. */
  readonly rest: Client<paths>;
  readonly #reach: Reach;

  constructor(reach: Reach) {
    this.#reach = reach;
    this.rest = createFetchClient<paths>({
      baseUrl: reach.url.replace(/\/+$/, ''),
      ...(reach.fetch && { fetch: reach.fetch }),
    });
    this.rest.use({
      async onRequest({ request }) {
        for (const [name, value] of Object.entries(await authorizationOf(reach.token)))
          request.headers.set(name, value);
        return request;
      },
    });
  }

  /** What happens, and what happened since a number. */
  follow(options: EventStreamOptions = {}): EventStream {
    return new EventStream(this.#reach, options);
  }

  /**
   * All events that a query asks for, newest first; pages are fetched as they are needed.
   *
   * @throws {SightlineError}
   */
  events(query: EventQuery = {}): AsyncGenerator<EventView, void, undefined> {
    return all(query.cursor, async (cursor) => {
      const answer = await this.rest.GET('/api/v1/events', { params: { query: { ...query, ...cursor } } });
      const { events, next } = dataOf<EventPage>(answer);
      return { items: events, next };
    });
  }

  /** All tracks that a query asks for, as `events`. @throws {SightlineError} */
  tracks(query: TrackQuery = {}): AsyncGenerator<TrackView, void, undefined> {
    return all(query.cursor, async (cursor) => {
      const answer = await this.rest.GET('/api/v1/tracks', { params: { query: { ...query, ...cursor } } });
      const { tracks, next } = dataOf<TrackPage>(answer);
      return { items: tracks, next };
    });
  }

  /**
   * A file, such as `/api/v1/events/ID/clip.mp4`, not yet read.
   *
   * @throws {SightlineError}
   */
  async file(path: `/api/v1/${string}`, signal?: AbortSignal): Promise<Response> {
    const { url, token, fetch = globalThis.fetch } = this.#reach;
    const headers = await authorizationOf(token);
    const response = await fetch(url.replace(/\/+$/, '') + path, { headers, ...(signal && { signal }) });
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}

async function* all<Item>(
  first: string | undefined,
  page: (cursor: { cursor?: string }) => Promise<{ items: readonly Item[]; next: string | undefined }>,
): AsyncGenerator<Item, void, undefined> {
  let cursor = first;
  do {
    const { items, next } = await page(cursor === undefined ? {} : { cursor });
    yield* items;
    cursor = next;
  } while (cursor !== undefined);
}

/** openapi-fetch loses tuples in the types of its answers: these are the document's own. */
function dataOf<Page>({ data, error, response }: Answer): Page {
  if (data !== undefined) return data as Page;
  const { code = `http/${response.status}`, detail = `HTTP status ${response.status}` } = (error ?? {}) as Partial<Problem>; // prettier-ignore
  throw new SightlineError(response.status, code, detail);
}
