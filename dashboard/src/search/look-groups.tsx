import { useState } from 'preact/hooks';
import type { LookGroups } from '../../../src/server/protocol.js';
import { StateLine } from '../ui/state-line.js';
import { useAsked } from '../ui/use-asked.js';
import type { ResultsProps } from './results.js';
import { searchTexts as texts } from './search-texts.js';
import { TrackCard } from './track-card.js';

const SHOWN_AT_FIRST = 6;

/** Objects that look alike, the largest groups first: the same van, eleven times. */
export function LookGroupList({ query, ...shared }: ResultsProps) {
  const asked = useAsked<LookGroups>(`/api/v1/search/groups?${query}`);
  const groups = asked.answer?.groups ?? [];
  return (
    <>
      {asked.answer !== undefined && <p class="quiet search-looked">{texts.looked(asked.answer)}</p>}
      <StateLine asked={asked} isEmpty={groups.length === 0} empty={texts.noGroups} />
      {groups.map((group, at) => (
        <Group key={group.tracks[0]?.track.id ?? at} group={group} number={at} {...shared} />
      ))}
    </>
  );
}

function Group(
  props: Omit<ResultsProps, 'query'> & {
    readonly group: LookGroups['groups'][number];
    readonly number: number;
  },
) {
  const { group, number, ...shared } = props;
  const [isOpen, setOpen] = useState(false);
  const times = group.tracks.map(({ track }) => track.startedAt).sort();
  const [first, last] = [times[0], times.at(-1)];
  return (
    <section class="panel" aria-labelledby={`group-${number}`}>
      <header class="panel-head">
        <h2 id={`group-${number}`}>{texts.group(group)}</h2>
        {first !== undefined && last !== undefined && (
          <span class="quiet numbers">{texts.groupSpan(first, last)}</span>
        )}
      </header>
      <ul class="track-grid">
        {(isOpen ? group.tracks : group.tracks.slice(0, SHOWN_AT_FIRST)).map(({ track, score }) => (
          <TrackCard key={track.id} track={track} score={score} {...shared} />
        ))}
        {!isOpen && group.tracks.length > SHOWN_AT_FIRST && (
          <li class="track-more">
            <button type="button" class="secondary" onClick={() => setOpen(true)}>
              {texts.more}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}
