import type { Problem } from '../../src/server/protocol.js';
import { onSignedOut } from './access/session.js';
import { texts } from './texts.js';

const PRECONDITION_FAILED = 412;

/** The server's answer was no, or there was none. The message is meant for people. */
export class RequestFault extends Error {
  /** HTTP status; 0: the server does not answer. */
  readonly status: number;
  /** As in `docs/errors.md`; `offline` without an answer. */
  readonly code: string;

  constructor(detail: string, status: number, code: string) {
    super(detail);
    this.name = 'RequestFault';
    this.status = status;
    this.code = code;
  }
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Sent as JSON, or as it is where it is a Blob. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** There is no session yet: a refusal ends none. */
  readonly isSigningIn?: boolean;
}

/** Asks the server's API; throws `RequestFault`. A session that has ended begins the page anew. */
export async function request(address: string, options: RequestOptions = {}): Promise<Response> {
  const { method = 'GET', body, headers, signal, isSigningIn = false } = options;
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers: { ...(isJson(body) && { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isJson(body) ? JSON.stringify(body) : (body as Blob) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new RequestFault(texts.serverAway, 0, 'offline');
  }
  if (response.ok) return response;
  if (response.status === 401 && !isSigningIn) onSignedOut();
  const problem = await problemOf(response);
  throw new RequestFault(problem.detail, response.status, problem.code);
}

/** The same for answers in JSON. */
export async function requestJson<T>(address: string, options?: RequestOptions): Promise<T> {
  return (await (await request(address, options)).json()) as T;
}

/** Whether a change was refused since what it is about is no longer what was read (`If-Match`). */
export function isConflict(error: unknown): boolean {
  return error instanceof RequestFault && error.status === PRECONDITION_FAILED;
}

/** What to tell people of an error. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isJson(body: unknown): boolean {
  return body !== undefined && !(body instanceof Blob);
}

async function problemOf(response: Response): Promise<Problem> {
  const { status } = response;
  try {
    return (await response.json()) as Problem;
  } catch {
    // Not from Sightline: a proxy's page, for instance.
    return {
      type: 'about:blank',
      title: '',
      status,
      detail: texts.answerUnreadable(status),
      code: 'unreadable',
    };
  }
}
