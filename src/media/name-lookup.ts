import dns from 'node:dns/promises';
import net from 'node:net';
import { networkError } from './source-error.js';

/** Look-ups occupy one of the process's four blocking threads each: the rest is kept for files. */
const LOOKUPS_AT_ONCE = 2;
const waiting: (() => void)[] = [];
let running = 0;

/**
 * The IP address of a host, by the system's rules (hosts file, search domains).
 * @param where the source without secrets, for the message
 * @throws {AppError} `media/source-dns`
 */
export async function lookUp(host: string, where: string): Promise<string> {
  if (net.isIP(host) !== 0) return host;
  if (running >= LOOKUPS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return (await dns.lookup(host)).address;
  } catch (error) {
    throw networkError(error, where);
  } finally {
    // A waiting one takes over this place.
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}
