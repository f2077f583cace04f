import { useState } from 'preact/hooks';
import type { TrackView } from '../../../src/server/protocol.js';
import { ClipPlayer } from '../clips/clip-player.js';
import { narrow, place, type Filters } from '../place.js';
import { texts as common } from '../texts.js';
import { Dialog } from '../ui/dialog.js';
import { CameraFilter, ChoiceFilter, ClearFilters, MomentFilter, WordFilter } from '../ui/filters.js';
import { LookGroupList } from './look-groups.js';
import { PictureSearch, type SearchedPicture } from './picture-search.js';
import { searchTexts as texts } from './search-texts.js';
import { LikePicture, LikeTrack, NewestTracks, WrittenOn, type SeenWords } from './results.js';
import './search.css';

/** What every search takes, and the address of the page with it. */
const FILTERS = ['camera', 'label', 'zone', 'colour', 'from', 'to'] as const;
const COLOURS = Object.entries(texts.colours);
/** Of a clip, before and behind the object; so much of it is shown. */
const AROUND_MS = 3000;
const CLIP_MS_MAX = 300_000;
const OPEN_MS = 10_000;

/** Objects of before: the newest, those that look like one or like a picture, and groups of those that look alike. */
export function SearchPage() {
  const { filters } = place.value;
  const [picture, setPicture] = useState<SearchedPicture>();
  const [watched, setWatched] = useState<TrackView>();
  const [seen, setSeen] = useState<SeenWords>({ labels: [], zones: [] });
  const like = filters.get('like') ?? undefined;
  const text = filters.get('text') ?? undefined;
  const areGroups = filters.get('show') === 'groups';
  const byLook = areGroups || like !== undefined || picture !== undefined;
  const query = new URLSearchParams(
    FILTERS.flatMap((name) => filters.getAll(name).map((value) => [name, value])),
  );
  const kept: Filters = Object.fromEntries(FILTERS.map((name) => [name, filters.getAll(name)]));
  const shared = { query, filters: kept, onClip: setWatched };
  const show = (what: 'objects' | 'groups') => {
    setPicture(undefined);
    narrow({ like: undefined, show: what === 'groups' ? 'groups' : undefined });
  };
  return (
    <>
      <div class="page-head">
        <h1>{common.search}</h1>
        <div class="row" role="search" aria-label={texts.filters}>
          <CameraFilter />
          <WordFilter name="text" label={texts.text} seen={[]} />
          <WordFilter name="label" label={texts.label} seen={seen.labels} />
          <WordFilter name="zone" label={texts.zone} seen={seen.zones} />
          <ChoiceFilter name="colour" label={texts.colour} choices={COLOURS} />
          <MomentFilter name="from" label={texts.from} />
          <MomentFilter name="to" label={texts.to} />
          <ClearFilters names={[...FILTERS, 'text']} />
        </div>
      </div>
      <div class="row search-what" role="group" aria-label={texts.show}>
        <button type="button" class="secondary" aria-pressed={!byLook} onClick={() => show('objects')}>
          {texts.objects}
        </button>
        <button type="button" class="secondary" aria-pressed={areGroups} onClick={() => show('groups')}>
          {texts.groups}
        </button>
        <PictureSearch
          picture={picture}
          onPicture={(chosen) => {
            setPicture(chosen);
            narrow({ like: undefined, show: undefined });
          }}
        />
      </div>
      {picture !== undefined && like === undefined && !areGroups ? (
        <LikePicture key={picture} picture={picture} {...shared} />
      ) : areGroups ? (
        <LookGroupList {...shared} />
      ) : like !== undefined ? (
        <LikeTrack id={like} {...shared} />
      ) : text !== undefined ? (
        <WrittenOn text={text} {...shared} />
      ) : (
        <NewestTracks {...shared} onSeen={setSeen} />
      )}
      {watched !== undefined && (
        <Dialog title={texts.clipOf(watched)} isWide onClose={() => setWatched(undefined)}>
          <ClipPlayer
            address={clipOf(watched)}
            trackIds={[watched.id]}
            label={texts.clipOf(watched)}
            about={{ fromMs: Date.parse(watched.startedAt), toMs: endOf(watched) }}
          />
        </Dialog>
      )}
    </>
  );
}

function endOf({ startedAt, endedAt }: TrackView): number {
  return endedAt === undefined ? Date.parse(startedAt) + OPEN_MS : Date.parse(endedAt);
}

function clipOf(track: TrackView): string {
  const fromMs = Date.parse(track.startedAt) - AROUND_MS;
  const toMs = Math.min(endOf(track) + AROUND_MS, fromMs + CLIP_MS_MAX);
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  return `/api/v1/recordings/${encodeURIComponent(track.camera)}/clip.mp4?from=${from}&to=${to}`;
}
