/** The pages of the dashboard. */
export type PageName =
  'live' | 'camera' | 'events' | 'search' | 'classifiers' | 'models' | 'system' | 'start';

/** Where the user is: a page, what it is about, and what it is narrowed down to. All of it stands in the address. */
export interface Place {
  readonly page: PageName;
  /** Of the camera, event or classifier that the page is about. */
  readonly id?: string;
  /** Never changed in place: see `narrow`. */
  readonly filters: URLSearchParams;
}

const PAGE_OF: Readonly<Record<string, PageName>> = {
  '': 'live',
  cameras: 'camera',
  events: 'events',
  search: 'search',
  classifiers: 'classifiers',
  models: 'models',
  system: 'system',
  start: 'start',
};
const WORD_OF = Object.fromEntries(Object.entries(PAGE_OF).map(([word, page]) => [page, word]));

/**
 * Reads `#/events/42?camera=gate`. What is no address of a page is the live page. Addresses are in the fragment, so that the server may
 * stand below any path and is asked for one page only.
 */
export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [word = '', id] = path.split('/', 2);
  const page = Object.hasOwn(PAGE_OF, word) ? PAGE_OF[word]! : 'live';
  return { page, filters: new URLSearchParams(query), ...(id ? { id: decoded(id) } : {}) };
}

/** The address of a page, for links. Filters that are undefined or empty are left out. */
export function hrefOf(page: PageName, id?: string, filters: Filters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters))
    for (const one of Array.isArray(value) ? value : [value]) if (one) query.append(name, one as string);
  const path = id === undefined ? WORD_OF[page]! : `${WORD_OF[page]!}/${encodeURIComponent(id)}`;
  return `#/${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** Filters by name, one value or several. */
export type Filters = Readonly<Record<string, string | readonly string[] | undefined>>;

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
