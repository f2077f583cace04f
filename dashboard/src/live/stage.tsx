import { useEffect, useRef } from 'preact/hooks';
import { toneOf } from '../cameras/camera-state.js';
import { chosen, isDebugOpen, playerStatus, serverLink } from '../state.js';
import { texts } from '../texts.js';
import { DebugLine } from './debug-line.js';
import { LiveView } from './live-view.js';

/** The live picture of one camera with its boxes, and a word about it whenever it is not live. */
export function Stage({ camera }: { readonly camera: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<LiveView>(null);
  useEffect(() => {
    if (video.current === null || canvas.current === null) return undefined;
    playerStatus.value = { kind: 'waiting' };
    const live = new LiveView({
      camera,
      video: video.current,
      canvas: canvas.current,
      onStatus: (status) => (playerStatus.value = status),
      isCameraLive: () => chosen.peek()?.state === 'live',
    });
    view.current = live;
    Object.defineProperty(window, '__sightline', { configurable: true, get: () => live.debug() });
    return () => {
      view.current = null;
      delete window.__sightline;
      live.close();
    };
  }, [camera]);

  const notice = noticeNow();
  return (
    <section class="stage" data-live={notice === undefined} aria-label={texts.livePicture(camera)}>
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
      {isDebugOpen.value && <DebugLine read={() => view.current?.debug()} />}
    </section>
  );
}

/** Why the picture on the screen is not live, the first cause first; undefined while it is. */
function noticeNow(): { readonly what: string; readonly why?: string } | undefined {
  const link = serverLink.value;
  if (link.kind === 'lost') return { what: texts.serverLost(link.sinceMs) };
  const view = chosen.value;
  if (view !== undefined && toneOf(view.state) !== 'good')
    return { what: texts.cameraDown(view), ...(view.reason === undefined ? {} : { why: view.reason }) };
  const status = playerStatus.value;
  switch (status.kind) {
    case 'playing':
      return undefined;
    case 'waiting':
      return { what: texts.waiting };
    case 'stale':
      return { what: texts.stale(status.sinceMs) };
    case 'unsupported':
      return { what: texts.unsupported(status.mime) };
  }
}
