import { useState } from 'preact/hooks';
import type { EventView } from '../../../src/server/protocol.js';
import { place } from '../place.js';
import { CameraFilter, ChoiceFilter, ClearFilters, MomentFilter, WordFilter } from '../ui/filters.js';
import { EVENT_FILTERS } from './event-filter.js';
import { eventTexts as texts } from './events-texts.js';

/** Those that are not always shown. */
const FURTHER = ['rule', 'type', 'zone', 'marked', 'verdict', 'from', 'to'] as const;

/** What the events are narrowed by, all of it in the address. */
export function EventFilters({ seen }: { readonly seen: readonly EventView[] }) {
  const [isOpen, setOpen] = useState(false);
  const words = (of: (view: EventView) => string | undefined) =>
    [...new Set(seen.map(of))].filter((word) => word !== undefined).sort();
  const { filters } = place.value;
  return (
    <div class="row" role="search" aria-label={texts.filters}>
      <CameraFilter />
      <ChoiceFilter name="severity" label={texts.severity} choices={texts.severities} />
      <WordFilter name="label" label={texts.label} seen={words(({ event }) => event.label)} />
      <button
        type="button"
        class="plain"
        aria-expanded={isOpen}
        aria-controls="more-filters"
        onClick={() => setOpen(!isOpen)}
      >
        {texts.moreFilters(FURTHER.filter((name) => filters.has(name)).length)}
      </button>
      <ClearFilters names={EVENT_FILTERS} />
      <div id="more-filters" class="row filters-further" hidden={!isOpen}>
        <WordFilter name="rule" label={texts.rule} seen={words(({ event }) => event.rule.name)} />
        <ChoiceFilter name="type" label={texts.type} choices={texts.types} />
        <WordFilter name="zone" label={texts.zone} seen={words(({ event }) => event.zone ?? event.line)} />
        <ChoiceFilter name="marked" label={texts.marked} choices={texts.markings} />
        <ChoiceFilter name="verdict" label={texts.verdict} choices={texts.verdicts} />
        <MomentFilter name="from" label={texts.from} />
        <MomentFilter name="to" label={texts.to} />
      </div>
    </div>
  );
}
