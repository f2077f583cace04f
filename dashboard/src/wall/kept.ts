import { keptSignal } from '../ui/kept-signal.js';
import { layoutsOf } from './layouts.js';

/** The layouts of this browser, in the order in which they were made. */
export const layouts = keptSignal('sightline.layouts', layoutsOf);

/** Whether the lists beside the pictures are open. */
export const isPanelOpen = keptSignal('sightline.panel', (kept) => kept !== false);
