import { signal } from '@preact/signals';
import { hrefOf, placeOf, type Filters, type PageName, type Place } from './place-address.js';

export { hrefOf, type Filters, type PageName, type Place } from './place-address.js';

/** Where the user is. */
export const place = signal<Place>(placeOf(globalThis.location?.hash ?? ''));

/** Goes to a page; the browser's Back comes back here. */
export function go(page: PageName, id?: string, filters?: Filters): void {
  location.hash = hrefOf(page, id, filters);
}

/** Changes filters of the page one is on, in the address too, without a step in the browser's history. */
export function narrow(changes: Filters): void {
  const { page, id, filters } = place.peek();
  const all: Record<string, readonly string[]> = {};
  for (const name of new Set(filters.keys())) all[name] = filters.getAll(name);
  history.replaceState(null, '', hrefOf(page, id, { ...all, ...changes }));
  follow();
}

/** Keeps `place` at what the address says, for as long as the page lives. */
export function watchPlace(): void {
  addEventListener('hashchange', follow);
  follow();
}

function follow(): void {
  place.value = placeOf(location.hash);
}
