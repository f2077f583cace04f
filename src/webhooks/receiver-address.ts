import { lookup as lookUpName, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { AppError } from '../base/index.js';

/** Where no receiver lives, but the credentials of a machine in a cloud do; and what is no single machine. */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addAddress('100.100.100.200', 'ipv4');
FORBIDDEN.addSubnet('224.0.0.0', 3, 'ipv4');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
FORBIDDEN.addAddress('fd00:ec2::254', 'ipv6');
FORBIDDEN.addSubnet('ff00::', 8, 'ipv6');

/** Look-ups wait for one another: each occupies one of the process's four blocking threads. */
let lastLookUp: Promise<unknown> = Promise.resolve();
/** With a DNS server that hangs, requests give up and come again sooner than look-ups end. */
const LOOK_UPS_MAX = 64;
let lookUps = 0;

/**
 * Refuses a host that is written as a forbidden address: such a host is never looked up.
 *
 * @throws {AppError} `webhooks/forbidden-address`
 */
export function checkHost(hostname: string): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0) refuse([{ address, family: isIP(address) }]);
}

/** Looks a name up, and refuses it if an address of it is forbidden. What is checked here is what is connected to. */
export const lookUpReceiver: LookupFunction = (hostname, options, done) => {
  const all = options.all === true;
  if (lookUps >= LOOK_UPS_MAX) return done(new Error('too many names wait to be looked up'), []);
  lookUps++;
  lastLookUp = lastLookUp.then(
    () =>
      new Promise<void>((next) => {
        lookUpName(hostname, { ...options, all: true }, (error, addresses) => {
          lookUps--;
          next();
          if (error !== null) return done(error, []);
          try {
            refuse(addresses);
          } catch (refusal) {
            return done(refusal as Error, []);
          }
          if (all) done(null, addresses);
          else done(null, addresses[0]!.address, addresses[0]!.family);
        });
      }),
  );
};

function refuse(addresses: readonly LookupAddress[]): void {
  const wrong = addresses.find(({ address, family }) =>
    FORBIDDEN.check(address, family === 6 ? 'ipv6' : 'ipv4'),
  );
  if (wrong === undefined) return;
  throw new AppError(
    'webhooks/forbidden-address',
    'input',
    `the host of url is ${wrong.address}, which is link-local, a cloud's metadata service or multicast: name a receiver's address`,
  );
}
