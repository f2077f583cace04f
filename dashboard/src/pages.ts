import type { ComponentType } from 'preact';
import type { PageName } from './place.js';
import { texts } from './texts.js';
import { WallPage } from './wall/wall-page.js';

/** A page of the dashboard. */
export type PageEntry = {
  /** Its name among the ways between pages; absent: one gets there from another page. */
  readonly title?: string;
  /** Who has none of these does not see the page. */
  readonly permission: string | readonly string[];
} & (
  | { readonly isFetched?: false; readonly page: ComponentType }
  // What is not seen at first is not part of the first load.
  | { readonly isFetched: true; readonly load: () => Promise<ComponentType> }
);

/** All pages, in the order of the ways between them. */
export const PAGES: Readonly<Partial<Record<PageName, PageEntry>>> = {
  live: { title: texts.live, permission: 'cameras', page: WallPage },
  events: {
    title: texts.events,
    permission: 'events',
    isFetched: true,
    load: () => import('./events/events-page.js').then((page) => page.EventsPage),
  },
  search: {
    title: texts.search,
    permission: 'events',
    isFetched: true,
    load: () => import('./search/search-page.js').then((page) => page.SearchPage),
  },
  classifiers: {
    title: texts.classifiers,
    permission: 'events',
    isFetched: true,
    load: () => import('./classifiers/classifiers-page.js').then((page) => page.ClassifiersPage),
  },
  models: {
    title: texts.models,
    permission: 'cameras',
    isFetched: true,
    load: () => import('./models/models-page.js').then((page) => page.ModelsPage),
  },
  system: {
    title: texts.system,
    permission: ['account', 'system'],
    isFetched: true,
    load: () => import('./system/system-page.js').then((page) => page.SystemPage),
  },
  camera: {
    permission: 'cameras',
    isFetched: true,
    load: () => import('./cameras/camera-page.js').then((page) => page.CameraPage),
  },
  start: {
    permission: 'config',
    isFetched: true,
    load: () => import('./start/start-page.js').then((page) => page.StartPage),
  },
};
