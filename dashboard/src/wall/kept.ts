import { keptSignal } from '../ui/kept-signal.js';

/** Whether the lists beside the pictures are open. */
export const isPanelOpen = keptSignal('sightline.panel', (kept) => kept !== false);
