import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

const plain = (address: string) => address.replace(/^::ffff:/i, '');

/**
 * The network address that a request comes from. `X-Forwarded-For` counts only as far as trusted proxies wrote it: anyone can send it.
 *
 * @param trustedProxies addresses of proxies in front of this server
 */
export function clientAddress(request: IncomingMessage, trustedProxies: readonly string[]): string {
  let address = plain(request.socket.remoteAddress ?? '');
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((hop) => plain(hop.trim()));
  for (const hop of hops.reverse()) {
    if (!trustedProxies.includes(address) || isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}
