import { signal, type Signal } from '@preact/signals';

/**
 * A signal whose value outlives the page: it is kept in this browser as JSON.
 *
 * @param read makes a value of what was kept; undefined: nothing, or nothing that can be read. Other versions may have written it.
 */
export function keptSignal<T>(key: string, read: (kept: unknown) => T): Signal<T> {
  const kept = signal(read(parsed(localStorage.getItem(key))));
  kept.subscribe((value) => {
    const text = JSON.stringify(value);
    // Not at once: what nobody changed is not written.
    if (JSON.stringify(read(parsed(localStorage.getItem(key)))) !== text) localStorage.setItem(key, text);
  });
  return kept;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
