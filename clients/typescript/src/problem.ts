import type { components } from './gen/rest.js';

/** An error answer of the server (RFC 9457); `code` is stable, see docs/errors.md. */
export type Problem = components['schemas']['Problem'];

/** What the server refused, with its reason. */
export class SightlineError extends Error {
  override readonly name = 'SightlineError';
  /** HTTP status. */
  readonly status: number;
  /** Such as `server/auth-required`; `http/STATUS` where something else than Sightline answered. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The error that an answer is. Reads its body. */
export async function errorOf(response: Response): Promise<SightlineError> {
  const text = await response.text();
  try {
    const { code, detail } = JSON.parse(text) as Problem;
    if (typeof code === 'string') return new SightlineError(response.status, code, detail);
  } catch {
    // A proxy's page is no problem document.
  }
  return new SightlineError(response.status, `http/${response.status}`, `HTTP status ${response.status}`);
}
