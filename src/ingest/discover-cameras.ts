import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { messageOf, sleep, type Clock, type Log } from '../base/index.js';
import { probeText, readProbeMatch, type ProbeMatch } from './probe-match.js';

/** Where WS-Discovery listens. */
const MULTICAST = { address: '239.255.255.250', port: 3702 };
/** Datagrams get lost: the probe is sent again, with the same id. */
const SEND_AGAIN_MS = 500;
const DEVICES_MAX = 200;
/** So many are looked at, whatever they are. */
const ANSWERS_MAX = 2000;
/** Devices answer with one or two kilobytes; parsing 64 took 65 to 200 ms, in which nobody else is served. */
const ANSWER_BYTES_MAX = 8192;

/** A device on the network that says it sends video. */
export interface DiscoveredCamera extends ProbeMatch {
  /** The IPv4 address that the answer came from; what a device says of its own address is not believed. */
  readonly address: string;
}

/** How to look for cameras. */
export interface DiscoverOptions {
  /** How long answers are waited for. */
  readonly timeoutMs: number;
  /** Ends the search early, with what was found. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: WS-Discovery's multicast group. */
  readonly to?: { readonly address: string; readonly port: number };
  /** IPv4 addresses of this machine to ask from; default: one of each network that it is on. */
  readonly from?: readonly string[];
}

/** Asks the networks that this machine is on for ONVIF cameras (WS-Discovery over UDP), by address. Where nothing can be sent, nothing is found. */
export async function discoverCameras(options: DiscoverOptions): Promise<DiscoveredCamera[]> {
  const { timeoutMs, signal, clock, log, to = MULTICAST, from = ownAddresses() } = options;
  const messageId = `urn:uuid:${randomUUID()}`;
  const probe = Buffer.from(probeText(messageId));
  const found = new Map<string, DiscoveredCamera>();
  let answers = 0;
  const take = (datagram: Buffer, address: string) => {
    if (++answers > ANSWERS_MAX || found.size >= DEVICES_MAX || found.has(address)) return;
    if (datagram.length > ANSWER_BYTES_MAX || !datagram.includes(messageId)) return;
    const match = readProbeMatch(datagram.toString('utf8'), messageId);
    if (match !== undefined) found.set(address, { address, ...match });
  };
  const sockets = await Promise.all(from.map((address) => socketAt(address, take, log)));
  const send = () => {
    for (const socket of sockets)
      socket?.send(probe, to.port, to.address, (error) => {
        if (error !== null)
          log.debug({ cause: messageOf(error) }, 'a network could not be asked for cameras');
      });
  };
  try {
    send();
    await sleep(clock, Math.min(SEND_AGAIN_MS, timeoutMs), signal);
    if (!signal.aborted) send();
    await sleep(clock, Math.max(0, timeoutMs - SEND_AGAIN_MS), signal);
  } finally {
    for (const socket of sockets) socket?.close();
  }
  const parts = ({ address }: DiscoveredCamera) => address.split('.').map((part) => part.padStart(3, '0'));
  return [...found.values()].sort((a, b) => (parts(a).join() < parts(b).join() ? -1 : 1));
}

/** A socket that asks from one of this machine's addresses; undefined where there can be none. */
async function socketAt(
  address: string,
  take: (datagram: Buffer, from: string) => void,
  log: Log,
): Promise<Socket | undefined> {
  const socket = createSocket('udp4');
  socket.on('message', (datagram, { address: sender }) => take(datagram, sender));
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address, port: 0 }, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    socket.setMulticastInterface(address);
  } catch (error) {
    log.debug({ address, cause: messageOf(error) }, 'a network could not be asked for cameras');
    socket.close();
    return undefined;
  }
  // What goes wrong later is of no more use than an answer that does not come.
  socket.on('error', (error) => log.debug({ address, cause: messageOf(error) }, 'a search for cameras'));
  return socket;
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((one = []) =>
    one.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  );
}
