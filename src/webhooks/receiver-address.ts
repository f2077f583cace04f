import { lookup as lookUpName, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { AppError, forbiddenKindOf } from '../base/index.js';

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
  for (const { address } of addresses) {
    const kind = forbiddenKindOf(address);
    if (kind === undefined) continue;
    throw new AppError(
      'webhooks/forbidden-address',
      'input',
      `the host of url is ${address}, which is ${kind}: name a receiver's address`,
    );
  }
}
