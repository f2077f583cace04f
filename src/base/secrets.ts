const MASK = '***';
/** Shorter values would mask ordinary words. */
const SHORTEST_SECRET = 4;

const known = new Set<string>();
/** `user:password@` in any URL; the user stays, since it helps to tell cameras apart and is no secret by itself. */
const URL_CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)([^\s/:@]*):([^\s@]*)@/gi;

/** Makes `value` unprintable from now on, in every form in which it could leak: plain, URL- and base64-coded. */
export function registerSecret(value: string): void {
  if (value.length < SHORTEST_SECRET) return;
  for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString('base64')])
    known.add(form);
}

/** Replaces every registered secret and every password within a URL by `***`. */
export function redact(text: string): string {
  let clean = text.replace(URL_CREDENTIALS, `$1$2:${MASK}@`);
  for (const secret of known) if (clean.includes(secret)) clean = clean.replaceAll(secret, MASK);
  return clean;
}
