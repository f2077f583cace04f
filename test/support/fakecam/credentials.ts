import { createHash, randomBytes } from 'node:crypto';
import type { RtspRequest } from './rtsp-request.js';

export interface CameraCredentials {
  readonly scheme: 'basic' | 'digest';
  readonly user: string;
  readonly password: string;
}

const REALM = 'fakecam';

/** Asks for and checks a client's credentials; one per connection, since each gets its own nonce. */
export class Challenge {
  readonly #nonce = randomBytes(16).toString('hex');

  /** The `WWW-Authenticate` header. */
  header(scheme: CameraCredentials['scheme']): string {
    return scheme === 'basic' ? `Basic realm="${REALM}"` : `Digest realm="${REALM}", nonce="${this.#nonce}"`;
  }

  isMet(request: RtspRequest, wanted: CameraCredentials): boolean {
    const given = request.headers.get('authorization') ?? '';
    if (wanted.scheme === 'basic') {
      return given === `Basic ${Buffer.from(`${wanted.user}:${wanted.password}`).toString('base64')}`;
    }
    const fields = new Map([...given.matchAll(/(\w+)="?([^",]*)"?/g)].map((match) => [match[1], match[2]]));
    return (
      given.startsWith('Digest ') &&
      fields.get('username') === wanted.user &&
      fields.get('nonce') === this.#nonce &&
      fields.get('response') === this.#digest(request, wanted, fields.get('uri') ?? '')
    );
  }

  /** RFC 2069's digest (MD5 without qop), which is what most cameras ask for. */
  #digest(request: RtspRequest, wanted: CameraCredentials, uri: string): string {
    const who = md5(`${wanted.user}:${REALM}:${wanted.password}`);
    return md5(`${who}:${this.#nonce}:${md5(`${request.method}:${uri}`)}`);
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
