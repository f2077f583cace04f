import type { SightlineDebug } from '../debug.js';

declare global {
  interface Window {
    __sightline?: SightlineDebug;
    __sightlineOf?: (camera: string) => SightlineDebug | undefined;
  }
}

const views = new Map<() => SightlineDebug, string>();

/** Lets a picture be looked into, until the function that it returns is called. */
export function watchView(camera: string, read: () => SightlineDebug): () => void {
  views.set(read, camera);
  Object.defineProperty(window, '__sightline', {
    configurable: true,
    get: () => [...views.keys()][0]?.(),
  });
  window.__sightlineOf = (wanted) => [...views].find(([, shown]) => shown === wanted)?.[0]();
  return () => {
    views.delete(read);
    if (views.size > 0) return;
    delete window.__sightline;
    delete window.__sightlineOf;
  };
}
