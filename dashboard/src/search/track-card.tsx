import type { TrackView } from '../../../src/server/protocol.js';
import { may } from '../access/may.js';
import { hrefOf, type Filters } from '../place.js';
import { Picture } from '../ui/picture.js';
import { searchTexts as texts } from './search-texts.js';

/** An object that was seen: its best view, when and where, and what leads on from it. */
export function TrackCard(props: {
  readonly track: TrackView;
  /** Cosine of how it and what was asked for look. */
  readonly score?: number;
  /** Kept while one goes on to what looks like it. */
  readonly filters: Filters;
  readonly onClip: (track: TrackView) => void;
}) {
  const { track, score, filters, onClip } = props;
  const { id, label, camera, startedAt, classes, text, zones, colour } = track;
  return (
    <li class="track-card">
      {may('recordings') ? (
        <Picture address={`/api/v1/tracks/${encodeURIComponent(id)}/snapshot.jpg`} alt="" />
      ) : (
        <span class="picture" />
      )}
      <strong>{texts.nameOf(track)}</strong>
      {text !== undefined && <span class="chip">{text.value}</span>}
      {score !== undefined && <span title={texts.likenessHint}>{texts.likeness(score)}</span>}
      <span class="quiet">{camera}</span>
      <time class="quiet numbers" dateTime={startedAt}>
        {texts.when(startedAt)}
      </time>
      {(colour !== undefined || zones !== undefined) && (
        <span class="quiet" title={colour && texts.colourHint}>
          {texts.traits(colour, zones)}
        </span>
      )}
      {classes !== undefined && (
        <span class="row">
          {classes.map(({ classifier, value, confidence }) => (
            <span key={classifier} class="chip" title={classifier}>
              {texts.classWord(value, confidence)}
            </span>
          ))}
        </span>
      )}
      <span class="row track-ways">
        <a
          href={hrefOf('search', undefined, { ...filters, like: id, show: undefined, label })}
          aria-label={texts.moreLikeOf(track)}
        >
          {texts.moreLike}
        </a>
        {may('recordings') && (
          <button type="button" class="plain" aria-label={texts.clipOf(track)} onClick={() => onClip(track)}>
            {texts.clip}
          </button>
        )}
      </span>
    </li>
  );
}
