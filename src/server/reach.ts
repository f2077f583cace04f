import { isIP } from 'node:net';

/** How the server is to be reached. */
export interface ReachOptions {
  /** The address that it listens on. */
  readonly host: string;
  /** The address that people type, where that is another one: of a proxy that terminates TLS, or of a container's published port. */
  readonly publicUrl?: string | undefined;
}

/** Whether a name is one of the certificate; absent without TLS of our own. */
type Certificate = { covers(hostname: string): boolean } | undefined;

/** From where the server can be reached, and under which names. */
export interface Reach {
  /** Only by programs of this machine. */
  readonly isLoopback: boolean;
  /** Browsers reach it over TLS, ours or a proxy's. */
  readonly isSecure: boolean;
  /** Reachable from elsewhere in plain text: passwords and pictures could be read on the way, so nothing is served. */
  readonly isExposed: boolean;
  /** Whether a `Host` header names this server. Foreign names that resolve to it are a web page attacking through its visitor's browser. */
  isOwnName(hostHeader: string | undefined): boolean;
  /** Whether an `Origin` header is that of our own pages, given the `Host` header beside it. */
  isOwnOrigin(origin: string, hostHeader: string | undefined): boolean;
}

/** Works out what follows from address, certificate and public address. */
export function reachOf({ host, publicUrl }: ReachOptions, certificate: Certificate): Reach {
  const publicAddress = publicUrl === undefined ? undefined : new URL(publicUrl);
  const isLoopback = isLoopbackName(host);
  const isSecure = certificate !== undefined || publicAddress?.protocol === 'https:';
  const isPublishedOnLoopback = publicAddress !== undefined && isLoopbackName(hostnameOf(publicAddress.host));
  return {
    isLoopback,
    isSecure,
    isExposed: !isLoopback && !isSecure && !isPublishedOnLoopback,
    isOwnName(hostHeader) {
      const name = hostnameOf(hostHeader);
      if (isLoopbackName(name) || (publicAddress !== undefined && name === hostnameOf(publicAddress.host)))
        return true;
      return certificate?.covers(name) ?? false;
    },
    isOwnOrigin(origin, hostHeader) {
      if (!URL.canParse(origin)) return false;
      const { host: originHost, origin: plain, protocol } = new URL(origin);
      if (plain === publicAddress?.origin) return true;
      // A page in plain text can be anybody's on the way, whatever its name; on the machine itself nobody is on the way.
      const isTrusted = !isSecure || protocol === 'https:' || isLoopbackName(hostnameOf(originHost));
      return isTrusted && originHost === hostHeader?.toLowerCase();
    },
  };
}

/** The host of a `Host` header without port and brackets; empty when it is none. */
function hostnameOf(hostHeader: string | undefined): string {
  const url = `http://${hostHeader ?? ''}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, '$1') : '';
}

function isLoopbackName(name: string): boolean {
  if (name === 'localhost' || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}
