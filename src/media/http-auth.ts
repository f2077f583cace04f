import { createHash, randomBytes } from 'node:crypto';

/** One offer of a `WWW-Authenticate` header. */
interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The `Authorization` header that answers a server's challenges, for HTTP and RTSP alike: Digest (MD5, the one
 * that FFmpeg knows) before Basic. Undefined when there is no challenge that can be answered.
 *
 * @param request.uri as it stands in the request line
 * @see RFC 7616, RFC 7617
 */
export function authorization(
  challenges: readonly string[],
  credentials: { readonly user: string; readonly password: string },
  request: { readonly method: string; readonly uri: string },
): string | undefined {
  const offers = challenges.flatMap(parseChallenges);
  const digest = offers.find(
    ({ scheme, parameters }) => scheme === 'digest' && /^(?:md5)?$/i.test(parameters.algorithm ?? ''),
  );
  if (digest !== undefined) return digestAnswer(digest.parameters, credentials, request);
  if (!offers.some(({ scheme }) => scheme === 'basic')) return undefined;
  return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
}

function digestAnswer(
  offer: Readonly<Record<string, string>>,
  credentials: { readonly user: string; readonly password: string },
  request: { readonly method: string; readonly uri: string },
): string {
  const { realm = '', nonce = '', opaque, algorithm } = offer;
  const secret = md5(`${credentials.user}:${realm}:${credentials.password}`);
  const asked = md5(`${request.method}:${request.uri}`);
  const parts = [
    `username="${credentials.user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${request.uri}"`,
  ];
  if ((offer.qop ?? '').split(/\s*,\s*/).includes('auth')) {
    const cnonce = randomBytes(8).toString('hex');
    const response = md5(`${secret}:${nonce}:00000001:${cnonce}:auth:${asked}`);
    parts.push('qop=auth', 'nc=00000001', `cnonce="${cnonce}"`, `response="${response}"`);
  } else {
    parts.push(`response="${md5(`${secret}:${nonce}:${asked}`)}"`);
  }
  if (opaque !== undefined) parts.push(`opaque="${opaque}"`);
  if (algorithm !== undefined) parts.push(`algorithm=${algorithm}`);
  return `Digest ${parts.join(', ')}`;
}

/** A header may hold several challenges: a word without `=` begins the next. */
function parseChallenges(header: string): Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  for (const match of header.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))|([\w-]+)/g)) {
    const [, name, quoted, bare, scheme] = match;
    if (scheme !== undefined) found.push({ scheme: scheme.toLowerCase(), parameters: {} });
    else if (name !== undefined) {
      const current = found.at(-1);
      if (current) current.parameters[name.toLowerCase()] = (quoted ?? bare ?? '').replace(/\\(.)/g, '$1');
    }
  }
  return found;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
