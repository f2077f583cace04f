import { signal } from '@preact/signals';
import type { SessionState } from '../../../src/server/protocol.js';

/** Who looks at this page; undefined before the server answered. */
export const session = signal<SessionState | undefined>(undefined);

/** True while a visitor, who may look already, makes the first administrator. */
export const isSettingUp = signal(false);

const RETRY_MS = 2000;

/** Asks who looks, until the server answers. */
export async function loadSession(): Promise<void> {
  try {
    const response = await fetch('/api/v1/session');
    if (response.ok) {
      session.value = (await response.json()) as SessionState;
      return;
    }
  } catch {
    // The server is away; it is asked again.
  }
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  return loadSession();
}

let isStarting = false;

/** Signs out and begins anew: nothing of what was seen stays in the page. */
export async function signOut(): Promise<void> {
  // The stream may be told sooner than the answer comes, which takes the cookie away: this page waits for the answer.
  isStarting = true;
  try {
    await fetch('/api/v1/logout', { method: 'POST' });
    location.reload();
  } catch (error) {
    isStarting = false;
    throw error;
  }
}

/** The server says that one is not signed in any more. */
export function onSignedOut(): void {
  if (isStarting) return;
  isStarting = true;
  location.reload();
}
