import { useEffect, useRef, useState } from 'preact/hooks';
import type { FrameMessage } from '../../../../src/server/protocol.js';
import type { Place } from '../../live/picture-fit.js';
import { frameListeners } from '../../server-link.js';
import type { Point } from '../figures/figure.js';
import { inShares } from '../figures/place-in-picture.js';
import { boxBetween, objectUnder } from './boxes-under.js';
import { followTexts } from './follow-texts.js';

/** Less than this, in CSS px, is a click and no box. */
const BOX_MIN_PX = 8;
/** Two seconds of analysed frames. */
const FRAMES_KEPT = 30;

/** Above the picture: a click on an object, or a box that is dragged around one, says what to follow. */
export function FollowLayer(props: {
  readonly camera: string;
  readonly picture: Place;
  /** Size of the camera's pictures, px; undefined until it is known. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
  /** @param box in pixels of the source */
  readonly onPick: (box: readonly [number, number, number, number], label?: string) => void;
  readonly onMiss: () => void;
  readonly onCancel: () => void;
}) {
  const { camera, picture, size, onPick, onMiss, onCancel } = props;
  const layer = useRef<SVGSVGElement>(null);
  const frames = useRef<FrameMessage[]>([]);
  const [drag, setDrag] = useState<{ readonly from: Point; readonly to: Point }>();
  useEffect(() => {
    layer.current?.focus();
    const listen = (message: FrameMessage) => {
      if (message.camera !== camera) return;
      const same = frames.current.filter(({ epoch }) => epoch === message.epoch);
      frames.current = [...same, message].slice(-FRAMES_KEPT);
    };
    frameListeners.add(listen);
    return () => void frameListeners.delete(listen);
  }, [camera]);

  const at = (event: PointerEvent): Point => {
    const { left, top } = layer.current!.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const release = () => {
    if (drag === undefined) return;
    setDrag(undefined);
    const frame = frames.current.at(-1)?.frame ?? size;
    if (frame === undefined) return onMiss();
    const pixels = (place: Point): Point => {
      const [x, y] = inShares(place, picture);
      return [x * frame.width, y * frame.height];
    };
    const [from, to] = [pixels(drag.from), pixels(drag.to)];
    if (Math.hypot(drag.to[0] - drag.from[0], drag.to[1] - drag.from[1]) >= BOX_MIN_PX)
      return onPick(boxBetween(from, to, frame));
    const object = objectUnder(frames.current, ...from);
    if (object === undefined) onMiss();
    else onPick(object.box, object.label);
  };
  return (
    <svg
      ref={layer}
      class="figures follow-layer"
      role="group"
      tabindex={-1}
      aria-label={followTexts.hint}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        layer.current?.setPointerCapture(event.pointerId);
        setDrag({ from: at(event), to: at(event) });
      }}
      onPointerMove={(event) => drag !== undefined && setDrag({ from: drag.from, to: at(event) })}
      onPointerUp={release}
      onPointerCancel={() => setDrag(undefined)}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      {drag !== undefined && (
        <rect
          class="follow-box"
          x={Math.min(drag.from[0], drag.to[0])}
          y={Math.min(drag.from[1], drag.to[1])}
          width={Math.abs(drag.to[0] - drag.from[0])}
          height={Math.abs(drag.to[1] - drag.from[1])}
        />
      )}
    </svg>
  );
}
