import { keptSignal } from './kept-signal.js';

/** Whether single keys do something anywhere on a page. Who speaks to the machine, or whose hand slips, turns them off. */
export const areSingleKeysOn = keptSignal('sightline.keys', (kept) => kept !== false);

/** Whether a key was pressed as a shortcut: alone, and not into a field or a dialog. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (!areSingleKeysOn.peek() || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return false;
  return !(event.target instanceof HTMLElement && event.target.matches('input, textarea, select, dialog *'));
}
