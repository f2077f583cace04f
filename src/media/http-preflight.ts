import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Clock } from '../base/index.js';
import { authorization } from './http-auth.js';
import { httpFormat, type InputFormat } from './input-format.js';
import { lookUp } from './name-lookup.js';
import { withDeadline } from './preflight-deadline.js';
import { refusalOf, sourceUnsupported } from './source-error.js';
import { credentialsOf, maskSource } from './source.js';

/** Enough to tell every container apart. */
const START_BYTES = 512;

/**
 * Asks a web server for what FFmpeg shall read, to force the right demuxer on it and to tell refusals apart.
 * Redirects are refused.
 *
 * @param options.url with credentials, if needed
 * @throws {AppError} `media/source-` `unauthorized`, `not-found`, `redirect`, `dns`, `timeout`, `unreachable`
 *   or `unsupported`
 */
export function preflightHttp(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}): Promise<InputFormat> {
  const where = maskSource(options.url);
  return withDeadline({ ...options, where }, (signal) => preflight(new URL(options.url), where, signal));
}

async function preflight(url: URL, where: string, signal: AbortSignal): Promise<InputFormat> {
  await lookUp(url.hostname.replace(/^\[|\]$/g, ''), where);
  let response = await get(url, undefined, signal);
  const credentials = credentialsOf(url);
  if (response.statusCode === 401 && credentials !== undefined) {
    const challenges = response.headersDistinct['www-authenticate'] ?? [];
    const answer = authorization(challenges, credentials, { method: 'GET', uri: url.pathname + url.search });
    if (answer !== undefined) {
      response.destroy();
      response = await get(url, answer, signal);
    }
  }
  try {
    const refusal = refusalOf(response.statusCode ?? 0, where);
    if (refusal !== undefined) throw refusal;
    const contentType = response.headers['content-type'] ?? '';
    // A camera may be slow to send its first picture: what it announces is enough then.
    const announced = contentType.toLowerCase().startsWith('multipart/');
    const format = httpFormat(contentType, announced ? Buffer.alloc(0) : await startOf(response));
    if (format === undefined)
      throw sourceUnsupported(where, `is no video: it sends "${contentType || 'an unknown type'}"`);
    return format;
  } finally {
    response.destroy();
  }
}

function get(url: URL, authorized: string | undefined, signal: AbortSignal): Promise<IncomingMessage> {
  const { get: request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    request(
      {
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        path: url.pathname + url.search,
        headers: {
          'User-Agent': 'Sightline',
          ...(authorized !== undefined && { Authorization: authorized }),
        },
        agent: false,
        // As FFmpeg does, and as cameras with certificates of their own need it.
        rejectUnauthorized: false,
        signal,
      },
      resolve,
    ).on('error', reject);
  });
}

function startOf(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let start = Buffer.alloc(0);
    response.on('data', (chunk: Buffer) => {
      start = Buffer.concat([start, chunk]);
      if (start.length >= START_BYTES) resolve(start);
    });
    response.on('end', () => resolve(start));
    response.on('error', reject);
    response.on('close', () => resolve(start));
  });
}
