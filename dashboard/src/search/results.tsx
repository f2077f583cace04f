import { useEffect } from 'preact/hooks';
import type { SimilarTracks, TextSearch, TrackPage, TrackView } from '../../../src/server/protocol.js';
import type { Filters } from '../place.js';
import { requestJson } from '../request.js';
import { More } from '../ui/more.js';
import { StateLine } from '../ui/state-line.js';
import { useAsked, type Asked } from '../ui/use-asked.js';
import { usePaged } from '../ui/use-paged.js';
import { searchBodyOf, type SearchedPicture } from './picture-search.js';
import { searchTexts as texts } from './search-texts.js';
import { TrackCard } from './track-card.js';

/** What every list of results takes. */
export interface ResultsProps {
  readonly query: URLSearchParams;
  readonly filters: Filters;
  readonly onClip: (track: TrackView) => void;
}

/** Words of objects that were seen, to be proposed. */
export interface SeenWords {
  readonly labels: readonly string[];
  readonly zones: readonly string[];
}

const SIMILAR = '/api/v1/search/similar';
const LIMIT = 60;

/** Objects as they were seen, newest first, page by page. */
export function NewestTracks(props: ResultsProps & { readonly onSeen: (words: SeenWords) => void }) {
  const { query, onSeen, ...shared } = props;
  const paged = usePaged<TrackPage>(`/api/v1/tracks?${query}&limit=${LIMIT}`);
  const tracks = paged.pages.flatMap((page) => page.tracks);
  const labels = [...new Set(tracks.map(({ label }) => label))].sort();
  const zones = [...new Set(tracks.flatMap((track) => track.zones ?? []))].sort();
  useEffect(() => {
    if (labels.length > 0) onSeen({ labels, zones });
  }, [[...labels, ...zones].join(' ')]);
  return (
    <Results title={texts.newest} asked={paged.asked} isEmpty={tracks.length === 0}>
      {tracks.map((track) => (
        <TrackCard key={track.id} track={track} {...shared} />
      ))}
      {paged.hasMore && (
        <li class="track-more">
          <More paged={paged} />
        </li>
      )}
    </Results>
  );
}

/** Objects that look like one, the most similar first. */
export function LikeTrack({ id, query, ...shared }: ResultsProps & { readonly id: string }) {
  const one = useAsked<TrackView>(`/api/v1/tracks/${encodeURIComponent(id)}`);
  const asked = useAsked<SimilarTracks>(`${SIMILAR}?track=${encodeURIComponent(id)}&${query}&limit=${LIMIT}`);
  const track = one.answer;
  return (
    <>
      {track !== undefined && (
        <ul class="track-asked" aria-label={texts.like(track)}>
          <TrackCard track={track} {...shared} />
        </ul>
      )}
      <Similar
        title={track === undefined ? texts.likeUnknown : texts.like(track)}
        asked={asked}
        {...shared}
      />
    </>
  );
}

/** Objects on which a text, or one that is nearly the same, is written: the nearest first. */
export function WrittenOn({ text, query, ...shared }: ResultsProps & { readonly text: string }) {
  const asked = useAsked<TextSearch>(
    `/api/v1/search/text?text=${encodeURIComponent(text)}&${query}&limit=${LIMIT}`,
  );
  const found = asked.answer?.texts ?? [];
  return (
    <Results title={texts.writtenOn(text)} asked={asked} isEmpty={found.length === 0}>
      {found.map(({ track }) => (
        <TrackCard key={track.id} track={track} {...shared} />
      ))}
    </Results>
  );
}

/** Objects that look like what a picture of the user's shows. To be drawn under a key of the picture: what came of one is nothing about another. */
export function LikePicture({
  picture,
  query,
  ...shared
}: ResultsProps & { readonly picture: SearchedPicture }) {
  const asked = useAsked<SimilarTracks>(`${SIMILAR}?${query}`, undefined, (_address, { signal }) =>
    requestJson(SIMILAR, { method: 'POST', body: searchBodyOf(picture, query, LIMIT), signal }),
  );
  return <Similar title={texts.likePicture} asked={asked} {...shared} />;
}

function Similar(
  props: Omit<ResultsProps, 'query'> & { readonly title: string; readonly asked: Asked<SimilarTracks> },
) {
  const { title, asked, ...shared } = props;
  const similar = asked.answer?.similar ?? [];
  return (
    <Results title={title} asked={asked} isEmpty={similar.length === 0}>
      {similar.map(({ track, score }) => (
        <TrackCard key={track.id} track={track} score={score} {...shared} />
      ))}
    </Results>
  );
}

function Results(props: {
  readonly title: string;
  readonly asked: Asked<unknown>;
  readonly isEmpty: boolean;
  readonly children: preact.ComponentChildren;
}) {
  const { title, asked, isEmpty, children } = props;
  return (
    <section class="panel" aria-labelledby="search-results">
      <header class="panel-head">
        <h2 id="search-results">{title}</h2>
      </header>
      <StateLine asked={asked} isEmpty={isEmpty} empty={texts.empty} />
      {!isEmpty && <ul class="track-grid">{children}</ul>}
    </section>
  );
}
