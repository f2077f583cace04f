/** A password that must turn up nowhere; with characters that URLs code, so that each form looks different. */
export const CANARY_PASSWORD = 'c4n4ry P@ss/w0rd';

/** The credentials of every camera in the fault tests. */
export const canaryAuth = { scheme: 'digest', user: 'viewer', password: CANARY_PASSWORD } as const;

/** Which forms of the canary `text` holds: plain, URL- or base64-coded, alone or after its user name. */
export function canaryFormsIn(text: string): string[] {
  const base64 = Buffer.from(CANARY_PASSWORD).toString('base64').replace(/=+$/, '');
  const basic = Buffer.from(`${canaryAuth.user}:${CANARY_PASSWORD}`).toString('base64').replace(/=+$/, '');
  const forms = [
    CANARY_PASSWORD,
    encodeURIComponent(CANARY_PASSWORD),
    encodeURI(CANARY_PASSWORD),
    base64,
    basic,
  ];
  return forms.filter((form) => text.includes(form));
}
