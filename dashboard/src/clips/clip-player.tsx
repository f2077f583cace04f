import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { wordsOf } from '../request.js';
import { readClip, readPaths, type ClipFacts } from './clip-source.js';
import { clipTexts as texts } from './clip-texts.js';
import { mediaTimeOf } from './clip-time.js';
import { ClipView, type ShownPicture } from './clip-view.js';
import type { TrackedPath } from './path-boxes.js';
import './clips.css';

const RATES = [0.1, 0.25, 0.5, 1, 2, 4, 8];

export interface ClipPlayerProps {
  /** Of an MP4 with the headers of our clips. */
  readonly address: string;
  /** Whose boxes are laid over it. */
  readonly trackIds: readonly string[];
  /** What it is, for those who do not see it. */
  readonly label: string;
  /** What it is about, ms since 1970 UTC: shown on its timeline. */
  readonly about?: { readonly fromMs: number; readonly toMs: number };
}

/** Plays a clip with the boxes of its tracks; picture by picture, too. */
export function ClipPlayer({ address, trackIds, label, about }: ClipPlayerProps) {
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<ClipView | undefined>(undefined);
  const [facts, setFacts] = useState<ClipFacts>();
  const [paths, setPaths] = useState<readonly TrackedPath[]>([]);
  const [fault, setFault] = useState<string>();
  const [shown, setShown] = useState<ShownPicture>();
  const [isPlaying, setPlaying] = useState(false);
  const [hasBoxes, setBoxes] = useState(true);
  const [rate, setRate] = useState(1);
  const ids = trackIds.join(' ');

  useEffect(() => {
    const made = new ClipView({ video: video.current!, canvas: canvas.current!, onPicture: setShown });
    view.current = made;
    return () => made.close();
  }, []);
  useEffect(() => {
    const stop = new AbortController();
    const unless =
      <Value,>(take: (value: Value) => void) =>
      (value: Value) =>
        stop.signal.aborted ? undefined : take(value);
    setFacts(undefined);
    setFault(undefined);
    readClip(address, stop.signal).then(
      unless(setFacts),
      unless((error: unknown) => setFault(wordsOf(error))),
    );
    return () => stop.abort();
  }, [address]);
  useEffect(() => {
    const stop = new AbortController();
    readPaths(ids === '' ? [] : ids.split(' '), stop.signal).then(
      (found) => stop.signal.aborted || setPaths(found),
      // Without boxes, then: that the clip cannot be had is said elsewhere.
      () => undefined,
    );
    return () => stop.abort();
  }, [ids]);
  useLayoutEffect(() => view.current?.know(facts, hasBoxes ? paths : []), [facts, paths, hasBoxes]);
  useLayoutEffect(() => {
    video.current!.playbackRate = rate;
  }, [rate, facts]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLSelectElement) return;
    if (event.key === ',') view.current?.step(-1);
    else if (event.key === '.') view.current?.step(1);
    else if (event.key === ' ' && !(event.target instanceof HTMLButtonElement)) view.current?.toggle();
    else return;
    event.preventDefault();
  };
  const lengthMs = facts?.ranges.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) ?? 0;
  const placeMs = shown?.mediaTimeMs ?? 0;
  return (
    <div class="clip" role="group" tabIndex={0} aria-label={label} onKeyDown={onKeyDown}>
      <div class="clip-picture" data-ready={shown !== undefined && facts !== undefined}>
        <video
          ref={video}
          src={facts === undefined ? undefined : address}
          preload="auto"
          muted
          playsInline
          disablePictureInPicture
          tabIndex={-1}
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onError={() => facts !== undefined && setFault(texts.unplayable)}
        />
        <canvas ref={canvas} aria-hidden="true" onClick={() => view.current?.toggle()} />
        {(fault !== undefined || facts === undefined) && (
          <p class="clip-word" role={fault === undefined ? undefined : 'alert'}>
            {fault ?? texts.loading}
          </p>
        )}
      </div>
      <ClipPlace
        lengthMs={lengthMs}
        placeMs={placeMs}
        about={facts && about && spanOf(facts, about)}
        onSeek={(ms) => (video.current!.currentTime = ms / 1000)}
      />
      <div class="row clip-controls">
        <button
          type="button"
          class="secondary"
          aria-label={texts.back}
          title={`${texts.back} (,)`}
          onClick={() => view.current?.step(-1)}
        >
          ‹
        </button>
        <button type="button" class="primary clip-play" onClick={() => view.current?.toggle()}>
          {isPlaying ? texts.pause : texts.play}
        </button>
        <button
          type="button"
          class="secondary"
          aria-label={texts.on}
          title={`${texts.on} (.)`}
          onClick={() => view.current?.step(1)}
        >
          ›
        </button>
        <label class="filter">
          {texts.rate}
          <select value={String(rate)} onChange={({ currentTarget }) => setRate(Number(currentTarget.value))}>
            {RATES.map((one) => (
              <option key={one} value={String(one)}>
                {texts.times(one)}
              </option>
            ))}
          </select>
        </label>
        <label class="filter">
          <input
            type="checkbox"
            checked={hasBoxes}
            onChange={({ currentTarget }) => setBoxes(currentTarget.checked)}
          />
          {texts.boxes}
        </label>
        <span class="quiet numbers clip-when">
          {shown?.wallMs !== undefined && facts !== undefined && texts.moment(shown.wallMs)}
          {shown?.frame !== undefined && (
            <span class="clip-frame"> {texts.frame(shown.frame, facts?.timesMs?.length ?? 0)}</span>
          )}
        </span>
      </div>
      {facts !== undefined && facts.ranges.length > 1 && (
        <p class="quiet">{texts.gaps(facts.ranges.length - 1)}</p>
      )}
    </div>
  );
}

/** The clip's own timeline: where it is, and which part it is about. */
function ClipPlace(props: {
  readonly lengthMs: number;
  readonly placeMs: number;
  readonly about: { readonly fromMs: number; readonly toMs: number } | undefined;
  readonly onSeek: (ms: number) => void;
}) {
  const { lengthMs, placeMs, about, onSeek } = props;
  const bar = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const { style } = bar.current!;
    const share = (ms: number) => `${(100 * ms) / Math.max(1, lengthMs)}%`;
    style.left = share(about?.fromMs ?? 0);
    style.width = about === undefined ? '0' : share(about.toMs - about.fromMs);
  }, [about?.fromMs, about?.toMs, lengthMs]);
  return (
    <div class="clip-place">
      <span class="clip-about" aria-hidden="true">
        <span ref={bar} />
      </span>
      <input
        type="range"
        min={0}
        max={Math.max(1, Math.round(lengthMs))}
        step={40}
        value={Math.round(placeMs)}
        disabled={lengthMs === 0}
        aria-label={texts.place}
        aria-valuetext={texts.seconds(placeMs)}
        onInput={({ currentTarget }) => onSeek(Number(currentTarget.value))}
      />
    </div>
  );
}

function spanOf({ ranges }: ClipFacts, about: { readonly fromMs: number; readonly toMs: number }) {
  return { fromMs: mediaTimeOf(ranges, about.fromMs), toMs: mediaTimeOf(ranges, about.toMs) };
}
