import { signal } from '@preact/signals';
import type { OidcStart } from '../../../src/server/protocol.js';
import { request, requestJson, wordsOf } from '../request.js';

/** Why signing in elsewhere did not work, in words. */
export const awayFault = signal<string | undefined>(undefined);

/** Goes to the OpenID Connect provider; the browser comes back to this page. */
export async function goAway(): Promise<void> {
  try {
    const options = { method: 'POST', isSigningIn: true } as const;
    location.assign((await requestJson<OidcStart>('/api/v1/oidc/start', options)).address);
  } catch (error) {
    awayFault.value = wordsOf(error);
  }
}

/** If the browser comes from the provider: signs in with what it brings, which then leaves the address. */
export async function comeBack(): Promise<void> {
  const brought = new URLSearchParams(location.search);
  if (!brought.has('state') || !(brought.has('code') || brought.has('error'))) return;
  const answer = location.search.slice(1);
  history.replaceState(null, '', location.pathname);
  try {
    await request('/api/v1/oidc/finish', { method: 'POST', body: { answer }, isSigningIn: true });
  } catch (error) {
    awayFault.value = wordsOf(error);
  }
}
