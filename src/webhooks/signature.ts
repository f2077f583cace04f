import { createHmac } from 'node:crypto';

/**
 * The value of `Sightline-Signature`: when it was signed, and an HMAC-SHA256 of that and the body, so that neither can be
 * changed and an old request cannot be sent again for long.
 */
export function signatureOf(body: Buffer, secret: string, wallMs: number): string {
  const seconds = Math.floor(wallMs / 1000);
  const hmac = createHmac('sha256', secret).update(`${seconds}.`).update(body);
  return `t=${seconds},v1=${hmac.digest('hex')}`;
}

/** Tells whether a webhook's settings are the same as before, without telling what they are. */
export function fingerprintOf({ secret, ...settings }: { readonly secret: string }): string {
  return createHmac('sha256', secret).update(JSON.stringify(settings)).digest('hex');
}
