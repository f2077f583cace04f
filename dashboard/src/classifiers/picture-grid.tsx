import { useEffect, useRef, useState } from 'preact/hooks';
import type { TrackView } from '../../../src/server/protocol.js';
import { classifierTexts as texts } from './classifier-texts.js';

interface GridOptions {
  readonly tracks: readonly TrackView[];
  /** Index of the chosen one. */
  readonly at: number;
  readonly classes: readonly string[];
  readonly classOf: (track: TrackView) => string | undefined;
  readonly onMove: (at: number) => void;
  /** Undefined: it has none any more. */
  readonly onLabel: (at: number, of: string | undefined) => void;
}

/** Best pictures of tracks, one of which is chosen: arrows move, a digit gives a class. One stop of the Tab key. */
export function PictureGrid({ tracks, at, classes, classOf, onMove, onLabel }: GridOptions) {
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Where the keys are, the focus goes along; elsewhere it stays.
    if (grid.current?.contains(document.activeElement) === true) focusOn(grid.current, at);
  }, [at]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : undefined;
    const to = digit === undefined ? moved(event.key, at, tracks.length, columnsOf(grid.current)) : undefined;
    if (digit === 0 || event.key === 'Backspace') onLabel(at, undefined);
    else if (digit !== undefined && classes[digit - 1] !== undefined) onLabel(at, classes[digit - 1]);
    else if (to !== undefined) onMove(to);
    else return;
    event.preventDefault();
  };
  if (tracks.length === 0) return null;
  return (
    <div
      ref={grid}
      class="pictures"
      role="listbox"
      aria-label={texts.grid}
      aria-orientation="horizontal"
      onKeyDown={onKeyDown}
    >
      {tracks.map((track, index) => (
        <Tile
          key={track.id}
          {...{ track, of: classOf(track), isChosen: index === at, classes }}
          onChoose={() => onMove(index)}
        />
      ))}
    </div>
  );
}

function Tile(props: {
  readonly track: TrackView;
  readonly of: string | undefined;
  readonly isChosen: boolean;
  readonly classes: readonly string[];
  readonly onChoose: () => void;
}) {
  const { track, of, isChosen, classes } = props;
  const [isMissing, setMissing] = useState(false);
  return (
    <div
      role="option"
      class="example"
      tabIndex={isChosen ? 0 : -1}
      aria-selected={isChosen}
      aria-label={[texts.picture(track.label, track.camera, of), isMissing ? texts.noPicture : undefined]
        .filter(Boolean)
        .join('. ')}
      onClick={(event) => {
        event.currentTarget.focus();
        props.onChoose();
      }}
    >
      {isMissing ? (
        <span class="example-missing">{texts.noPicture}</span>
      ) : (
        <img
          src={`/api/v1/tracks/${encodeURIComponent(track.id)}/snapshot.jpg`}
          alt=""
          loading="lazy"
          onError={() => setMissing(true)}
        />
      )}
      <span class="example-class" data-of={of === undefined ? undefined : classes.indexOf(of) % 6}>
        {of ?? '–'}
      </span>
    </div>
  );
}

function focusOn(grid: HTMLElement, at: number): void {
  const tile = grid.children[at];
  if (tile instanceof HTMLElement) tile.focus();
}

function columnsOf(grid: HTMLElement | null): number {
  return grid === null ? 1 : getComputedStyle(grid).gridTemplateColumns.split(' ').length;
}

/** Where a key leads from a tile; undefined: nowhere. */
function moved(key: string, at: number, count: number, columns: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -at,
    End: count - 1 - at,
  };
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return step === undefined ? undefined : Math.min(count - 1, Math.max(0, at + step));
}
