import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FrameMessage, FrameObject } from '../../../../src/server/protocol.js';
import { frameListeners } from '../../server-link.js';
import { followTexts } from './follow-texts.js';

/** The objects of a camera's newest frame by name, for those who do not point at the picture. */
export function FollowList(props: {
  readonly camera: string;
  /** @param box in pixels of the source */
  readonly onPick: (box: FrameObject['box'], label: string) => void;
  readonly onMiss: () => void;
  readonly onCancel: () => void;
}) {
  const { camera, onPick, onMiss, onCancel } = props;
  const list = useRef<HTMLUListElement>(null);
  const newest = useRef<readonly FrameObject[]>([]);
  /** Whether the focus was here last. */
  const isHere = useRef(false);
  const [shown, setShown] = useState<readonly FrameObject[]>([]);
  useEffect(() => {
    const listen = (message: FrameMessage) => {
      if (message.camera !== camera) return;
      newest.current = message.objects;
      const next = [...message.objects].sort((one, other) => one.track - other.track);
      // Frames come many times a second; names change seldom.
      setShown((was) => (namesOf(was) === namesOf(next) ? was : next));
    };
    frameListeners.add(listen);
    return () => void frameListeners.delete(listen);
  }, [camera]);
  useLayoutEffect(() => {
    // Who was on an object that went is led to those that are left, not to the beginning of the page.
    if (isHere.current && document.activeElement === document.body)
      list.current?.focus({ preventScroll: true });
  }, [shown]);

  const pick = (track: number) => {
    const object = newest.current.find((one) => one.track === track);
    if (object === undefined) onMiss();
    else onPick(object.box, object.label);
  };
  return (
    <ul
      ref={list}
      class="row follow-list"
      tabindex={-1}
      aria-label={followTexts.boxes}
      onFocusCapture={() => (isHere.current = true)}
      onBlurCapture={({ relatedTarget }) => {
        if (relatedTarget !== null) isHere.current = false;
      }}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      {shown.map(({ track, label }) => (
        <li key={track}>
          <button type="button" class="secondary" onClick={() => pick(track)}>
            {followTexts.followNamed(label, track)}
          </button>
        </li>
      ))}
      {shown.length === 0 && <li class="quiet">{followTexts.noBoxes}</li>}
    </ul>
  );
}

function namesOf(objects: readonly FrameObject[]): string {
  return JSON.stringify(objects.map(({ track, label }) => [track, label]));
}
