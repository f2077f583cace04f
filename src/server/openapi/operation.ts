import type { z } from 'zod';

/** What the document says of a route beside its path and permission. */
export interface Operation {
  readonly summary: string;
  /** Those that the route itself reads with. */
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The body is bytes. */
  readonly bytes?: true;
  /** Status of success; 200 by default. */
  readonly status?: number;
  /** JSON of this form, or a media type; nothing where absent. */
  readonly answer?: z.ZodType | string;
  /** The answer has a strong ETag; with `honours`, a request may name one in `If-Match`, and with `needs` it must. */
  readonly etag?: 'has' | 'honours' | 'needs';
  /** Statuses of refusals that are of this route's own, beside those that every route may have. */
  readonly refusals?: readonly number[];
}
