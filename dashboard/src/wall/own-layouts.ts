import { batch, computed, signal } from '@preact/signals';
import { may } from '../access/may.js';
import { isConflict, request, wordsOf } from '../request.js';
import { keptSignal } from '../ui/kept-signal.js';
import { joined, layoutsOf, type Layout } from './layouts.js';

/** What makes layouts of layouts, whatever has changed in them meanwhile. */
type Edit = (all: readonly Layout[]) => readonly Layout[];

const ADDRESS = '/api/v1/me/layouts';
/** So often a change is made anew when another page was quicker. */
const TRIES = 3;

/** In this browser: those of who has no account, and those that the server did not take. */
const local = keptSignal('sightline.layouts', layoutsOf);
/** As the server has them; undefined: not known yet, or it does not take them. */
const kept = signal<readonly Layout[] | undefined>(undefined);
/** Changes that the server has not answered yet. */
const pending = signal<readonly Edit[]>([]);

/** The layouts of whoever looks, in the order in which they were made. */
export const layouts = computed(() =>
  pending.value.reduce((all, edit) => edit(all), kept.value ?? local.value),
);

/** Whether the server was asked, and has answered or cannot. */
export const areLayoutsKnown = signal(false);

/** Why they are kept in this browser only, in words. */
export const layoutsFault = signal<string | undefined>(undefined);

let last: Promise<void> = Promise.resolve();

/** One after the other: each begins with what came of the one before. */
function inTurn(task: () => Promise<void>): Promise<void> {
  return (last = last.then(task));
}

/** Reads the layouts of whoever is signed in, and gives the server what this browser has of them. Never rejects. */
export function loadLayouts(): Promise<void> {
  return inTurn(async () => {
    let all = local.peek();
    try {
      if (may('account')) {
        await applied((before) => (all = joined(before, local.peek())));
        batch(() => {
          kept.value = all;
          local.value = [];
          layoutsFault.value = undefined;
        });
      }
    } catch (error) {
      // Known from before: a change of them is tried by itself.
      if (kept.peek() === undefined) {
        local.value = all;
        layoutsFault.value = wordsOf(error);
      }
    }
    areLayoutsKnown.value = true;
  });
}

/** Changes the layouts, at once for who looks. What the server does not take is kept in this browser, and `layoutsFault` says why. */
export function changeLayouts(edit: Edit): void {
  pending.value = [...pending.peek(), edit];
  void inTurn(async () => {
    let all: readonly Layout[] | undefined;
    let fault: string | undefined;
    try {
      if (kept.peek() !== undefined) all = await applied(edit);
    } catch (error) {
      fault = wordsOf(error);
    }
    batch(() => {
      if (all === undefined) local.value = edit(kept.peek() ?? local.peek());
      if (fault !== undefined) layoutsFault.value = fault;
      kept.value = all;
      pending.value = pending.peek().filter((one) => one !== edit);
    });
  });
}

/** Makes a change of what the server has, unless there is nothing to change. Throws `RequestFault`. */
async function applied(edit: Edit): Promise<readonly Layout[]> {
  for (let tries = 1; ; tries++) {
    const response = await request(ADDRESS);
    const before = layoutsOf(((await response.json()) as { layouts: unknown }).layouts);
    const after = edit(before);
    if (JSON.stringify(after) === JSON.stringify(before)) return before;
    const headers = { 'if-match': response.headers.get('etag') ?? '' };
    try {
      await request(ADDRESS, { method: 'PUT', body: { layouts: after }, headers });
      return after;
    } catch (error) {
      if (!isConflict(error) || tries >= TRIES) throw error;
    }
  }
}
