import { AppError } from '../base/index.js';
import type { Environment } from '../config/index.js';
import type { ModelFile } from './catalogue-schema.js';

const REDIRECTS_MAX = 5;
const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The addresses to fetch a file from, in order: those of the catalogue, or in their place the file's name within each
 * folder that `SIGHTLINE_MODEL_MIRROR` names (several with commas between). Nothing else ever names an address.
 *
 * @throws {AppError} `model/mirror-invalid`
 */
export function addressesOf(file: ModelFile, env: Environment): string[] {
  const mirrors = (env['SIGHTLINE_MODEL_MIRROR'] ?? '').split(',').map((text) => text.trim());
  const named = mirrors.filter((text) => text !== '');
  return named.length === 0 ? file.urls : named.map((text) => mirrorAddress(text, file.file));
}

function mirrorAddress(text: string, fileName: string): string {
  const base = URL.canParse(text) ? new URL(text) : undefined;
  if (base === undefined || !mayFetch(base) || base.username !== '' || base.search !== '') {
    // The text is not repeated: it may hold a password.
    throw new AppError(
      'model/mirror-invalid',
      'input',
      'SIGHTLINE_MODEL_MIRROR: expected https addresses of folders, without a password or query, with commas between ' +
        '(http on this machine only)',
    );
  }
  base.pathname = `${base.pathname.replace(/\/+$/, '')}/${encodeURIComponent(fileName)}`;
  return base.href;
}

/** Plain http is for mirrors on this machine. */
function mayFetch(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

/** Whether an answer from one address may send us to the other: what is encrypted stays so, and plain http stays on this machine. */
export function mayRedirect(from: URL, to: URL): boolean {
  return mayFetch(to) && (from.protocol === 'http:' || to.protocol === 'https:');
}

/**
 * GETs an address, following redirects as far as {@link mayRedirect} lets it.
 *
 * @throws {Error} saying what is wrong with the way, or fetch's own error
 */
export async function openAddress(
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const response = await fetch(url.href, { headers, redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (!REDIRECT_STATUSES.has(response.status) || location === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
    // The host alone: addresses that are redirected to often hold a signature.
    if (next === undefined || !mayRedirect(url, next))
      throw new Error(`it redirects to ${next?.origin ?? 'no address'}: refused, as that is not https`);
    url = next;
  }
  throw new Error(`it redirects more than ${REDIRECTS_MAX} times`);
}
