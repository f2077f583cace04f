import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { cameras, engine, isDebugOpen, serverLink } from '../state.js';
import { texts } from '../texts.js';
import { DebugLine } from './debug-line.js';
import { LiveView } from './live-view.js';
import { remarksOn, whyNotLive, type PictureFacts } from './notice.js';
import type { PlayerStatus, StillStatus } from './picture-status.js';
import { StillFeed } from './still-feed.js';
import { useOnScreen } from './use-on-screen.js';
import { watchView } from './watch-view.js';

const WAITING: PlayerStatus = { kind: 'waiting' };

/**
 * The live picture of one camera with what is laid over it, and a word about it whenever it is not live. Its feed runs while it is on the
 * screen. Children lie above it.
 */
export function Stage({
  camera,
  children,
}: {
  readonly camera: string;
  readonly children?: ComponentChildren;
}) {
  const stage = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<LiveView>(null);
  const player = useSignal(WAITING);
  const still = useSignal<StillStatus | undefined>(undefined);
  const isOnScreen = useOnScreen(stage);
  const seen = viewOf(camera);
  // Who may see people from now on, or no more, gets another stream.
  const isCovered = seen?.redacted === true;
  useEffect(() => {
    player.value = WAITING;
    if (!isOnScreen || video.current === null || canvas.current === null) return undefined;
    const live = new LiveView({
      camera,
      video: video.current,
      canvas: canvas.current,
      onStatus: (now) => (player.value = now),
      isCameraLive: () => viewOf(camera, true)?.state === 'live',
      isCovered,
    });
    view.current = live;
    const forget = watchView(camera, () => live.debug());
    return () => {
      view.current = null;
      player.value = WAITING;
      forget();
      live.close();
    };
  }, [camera, isOnScreen, isCovered]);
  useEffect(() => view.current?.cameraChanged(), [seen?.codec, seen?.state]);

  const isStill = player.value.kind === 'unsupported';
  useEffect(() => {
    if (!isOnScreen || !isStill || canvas.current === null) return undefined;
    still.value = { kind: 'waiting' };
    const feed = new StillFeed({ camera, canvas: canvas.current, onStatus: (now) => (still.value = now) });
    return () => {
      still.value = undefined;
      feed.close();
    };
  }, [camera, isOnScreen, isStill]);

  const facts: PictureFacts = {
    link: serverLink.value,
    engine: engine.value,
    camera: seen,
    player: player.value,
    still: still.value,
  };
  const notice = whyNotLive(facts);
  return (
    <section
      ref={stage}
      class="stage"
      data-live={notice === undefined}
      aria-label={texts.livePicture(camera)}
    >
      <video ref={video} class="stage-picture" muted playsInline disablePictureInPicture tabIndex={-1} />
      <canvas ref={canvas} class="stage-picture" aria-hidden="true" />
      <div class="stage-notice" role="status">
        {notice !== undefined && (
          <p>
            <strong>{notice.what}</strong>
            {notice.why !== undefined && <span>{notice.why}</span>}
          </p>
        )}
      </div>
      {notice === undefined && <Remarks of={remarksOn(facts)} />}
      {children}
      {isDebugOpen.value && <DebugLine read={() => view.current?.debug()} />}
    </section>
  );
}

function Remarks({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <ul class="stage-remarks">
      {of.map((remark) => (
        <li key={remark}>{remark}</li>
      ))}
    </ul>
  );
}

/** @param isGlance does not make a component follow */
function viewOf(camera: string, isGlance = false) {
  return (isGlance ? cameras.peek() : cameras.value)?.find(({ id }) => id === camera);
}
