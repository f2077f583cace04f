import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CameraView } from '../../../../src/server/protocol.js';
import { fitContain, type Place } from '../../live/picture-fit.js';
import { Stage } from '../../live/stage.js';
import './figures.css';

/** Until the size of the camera's pictures is known. */
const USUAL = { width: 16, height: 9 };

/** A camera's live picture with something above it that is told where on the screen the picture is. */
export function PictureBoard(props: {
  readonly view: CameraView;
  readonly children: (picture: Place) => ComponentChildren;
}) {
  const { id, width, height } = props.view;
  const board = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (board.current === null) return undefined;
    const watch = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    watch.observe(board.current);
    return () => watch.disconnect();
  }, []);
  const picture = width === undefined || height === undefined ? USUAL : { width, height };
  return (
    <div class="board" ref={board}>
      <Stage camera={id} />
      {size.width > 0 && props.children(fitContain(size, picture))}
    </div>
  );
}
