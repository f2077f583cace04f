import path from 'node:path';
import { AppError, redact, registerSecret } from '../base/index.js';

/** How a source is reached; decides demuxer and allowed protocols. */
export type SourceKind = 'rtsp' | 'http' | 'rtmp' | 'srt' | 'udp' | 'device' | 'file' | 'webcam';

/** Where video comes from, parsed and checked. */
export type Source =
  | {
      readonly kind: 'rtsp' | 'http' | 'rtmp' | 'srt' | 'udp';
      /** With credentials, as FFmpeg wants it: print only {@link maskSource} of it. */
      readonly url: string;
    }
  | { readonly kind: 'device' | 'file'; readonly path: string }
  /** A browser sends it: FFmpeg reads it from its standard input. */
  | { readonly kind: 'webcam' };

const KIND_BY_SCHEME: Readonly<Record<string, Extract<Source, { url: string }>['kind']>> = {
  rtsp: 'rtsp',
  rtsps: 'rtsp',
  http: 'http',
  https: 'http',
  rtmp: 'rtmp',
  rtmps: 'rtmp',
  srt: 'srt',
  udp: 'udp',
};
const SCHEMES = Object.keys(KIND_BY_SCHEME).join(', ');
/** In the query of an address these are secrets like a password. */
const SECRET_PARAMETERS = /([?&](?:passphrase|password|passwd|pwd|pass|token|key|secret|auth)=)([^&#\s]+)/gi;

/**
 * Parses and checks a camera's `source`: an address of a known scheme, `/dev/videoN`, `webcam:ID`, or a file's path. Its
 * password becomes a registered secret.
 *
 * @throws {AppError} `ingest/scheme-not-allowed` or `ingest/source-invalid`
 */
export function parseSource(text: string): Source {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) throw invalid(text, 'holds a control character: remove it');
  if (text === '' || text !== text.trim()) throw invalid(text, 'is empty or has blanks around it');
  if (text.startsWith('-')) throw invalid(text, 'begins with "-": write a file as "./-name"');
  if (/^\/dev\/video\d+$/.test(text)) return { kind: 'device', path: text };
  if (/^webcam:[a-z0-9-]{1,64}$/.test(text)) return { kind: 'webcam' };
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  // One letter is a drive of Windows; a colon behind a slash belongs to a file's name.
  if (scheme === undefined || scheme.length === 1) return { kind: 'file', path: path.resolve(text) };
  const kind = KIND_BY_SCHEME[scheme];
  if (kind === undefined) {
    const message = `source "${maskSource(text)}": "${scheme}:" is not allowed; use ${SCHEMES}, /dev/videoN or a file's path`;
    throw new AppError('ingest/scheme-not-allowed', 'input', message);
  }
  registerSecrets(text);
  return { kind, url: checkUrl(kind, text) };
}

/** The text of a source, for people: without password or key. */
export function maskSource(text: string): string {
  return redact(text.replace(SECRET_PARAMETERS, '$1***'));
}

/** User and password within an address, decoded; undefined where there are none. */
export function credentialsOf(url: URL): { user: string; password: string } | undefined {
  if (url.username === '' && url.password === '') return undefined;
  return { user: decode(url.username), password: decode(url.password) };
}

function checkUrl(kind: SourceKind, text: string): string {
  if (!/^[^:]+:\/\//.test(text)) throw invalid(text, 'lacks "//" behind its scheme');
  // Read by the rules for http, since URL knows too little of other schemes; udp may go without a host.
  const asHttp = text.replace(/^[^:]+:\/\/@?/, 'http://').replace(/^http:\/\/:/, 'http://any:');
  let url: URL;
  try {
    url = new URL(asHttp);
  } catch {
    throw invalid(text, 'is not a valid address: write scheme://user:password@host:port/path');
  }
  if ((kind === 'udp' || kind === 'srt') && !/:\d+(?:[/?#]|$)/.test(asHttp.slice('http:'.length))) {
    throw invalid(text, `lacks a port: write ${kind}://host:port`);
  }
  if (kind === 'udp' && url.search !== '') throw invalid(text, 'has options: a udp source takes none');
  return text;
}

function registerSecrets(text: string): void {
  const password = /^[a-z0-9+.-]+:\/\/[^/?#:@]*:([^/?#]*)@/i.exec(text)?.[1];
  const values = [...text.matchAll(SECRET_PARAMETERS)].map((match) => match[2] ?? '');
  for (const value of password === undefined ? values : [...values, password]) {
    registerSecret(value);
    registerSecret(decode(value));
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % in a password: as it stands
  }
}

function invalid(text: string, what: string): AppError {
  return new AppError('ingest/source-invalid', 'input', `source "${maskSource(text)}" ${what}`);
}
