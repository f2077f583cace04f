import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { narrow, place } from '../place.js';
import { cameras } from '../state.js';
import { fromLocalInput, toLocalInput } from './local-time.js';
import { uiTexts as texts } from './ui-texts.js';
import './filters.css';

interface FilterProps {
  /** Of the filter in the address. */
  readonly name: string;
  readonly label: string;
}

/** One of a few values, or all. */
export function ChoiceFilter(
  props: FilterProps & { readonly choices: readonly (readonly [value: string, text: string])[] },
) {
  const { name, label, choices } = props;
  const value = place.value.filters.get(name) ?? '';
  const isKnown = value === '' || choices.some(([one]) => one === value);
  return (
    <label class="filter">
      {label}
      <select value={value} onChange={({ currentTarget }) => narrow({ [name]: currentTarget.value })}>
        <option value="">{texts.all}</option>
        {choices.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
        {!isKnown && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}

/** A field that shows what the address says whenever that changes: what is being typed stays through all else that the page draws anew. */
function useFieldOf(value: string) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (field.current !== null) field.current.value = value;
  }, [value]);
  return field;
}

/** A word; those that were seen are proposed. */
export function WordFilter({ name, label, seen }: FilterProps & { readonly seen: readonly string[] }) {
  const id = `seen-${name}`;
  const field = useFieldOf(place.value.filters.get(name) ?? '');
  return (
    <label class="filter">
      {label}
      <input
        ref={field}
        class="filter-word"
        type="text"
        list={id}
        maxLength={200}
        onChange={({ currentTarget }) => narrow({ [name]: currentTarget.value.trim() })}
      />
      <datalist id={id}>
        {seen.map((word) => (
          <option key={word} value={word} />
        ))}
      </datalist>
    </label>
  );
}

/** A moment, in the time zone of who looks. */
export function MomentFilter({ name, label }: FilterProps) {
  const ms = Date.parse(place.value.filters.get(name) ?? '');
  const field = useFieldOf(Number.isNaN(ms) ? '' : toLocalInput(ms));
  return (
    <label class="filter">
      {label}
      <input
        ref={field}
        type="datetime-local"
        step={1}
        onChange={({ currentTarget }) => narrow({ [name]: fromLocalInput(currentTarget.value) })}
      />
    </label>
  );
}

/** Several cameras, or all. */
export function CameraFilter() {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key !== 'Escape') return;
      if (event.type === 'pointerdown' && box.current?.contains(event.target as Node)) return;
      if (box.current !== null) box.current.open = false;
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('keydown', close);
    };
  }, []);
  const chosen = place.value.filters.getAll('camera');
  const known = cameras.value?.map(({ id }) => id) ?? [];
  // One that is gone, but asked for.
  const all = [...known, ...chosen.filter((id) => !known.includes(id))];
  const toggle = (id: string, isChosen: boolean) =>
    narrow({ camera: all.filter((one) => (one === id ? isChosen : chosen.includes(one))) });
  return (
    <details ref={box} class="filter-cameras">
      <summary class="secondary">{texts.camerasChosen(chosen)}</summary>
      <fieldset>
        <legend class="quiet">{texts.camerasNone}</legend>
        {all.map((id) => (
          <label key={id} class="check">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={({ currentTarget }) => toggle(id, currentTarget.checked)}
            />
            {id}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

/** Takes away every filter there is. */
export function ClearFilters({ names }: { readonly names: readonly string[] }) {
  const { filters } = place.value;
  if (!names.some((name) => filters.has(name))) return null;
  return (
    <button
      type="button"
      class="plain"
      onClick={() => narrow(Object.fromEntries(names.map((name) => [name, undefined])))}
    >
      {texts.clear}
    </button>
  );
}
