import type { Place } from '../../live/picture-fit.js';
import { figureTexts } from './figure-texts.js';
import { sideMiddles, type Figure, type Point } from './figure.js';
import { nameSpot, onBoard, pointsText, wayIn } from './place-in-picture.js';

/** All in CSS px. */
const HANDLE = 6;
/** Around a handle, what takes the pointer: 24 px across. */
const HANDLE_HIT = 12;
const MIDDLE = 3.5;
const MIDDLE_HIT = 9;
const ARROW = 26;
const ARROW_HEAD = 7;

/** A zone or a line with its name; of a line, the way in. */
export function FigureShape(props: {
  readonly figure: Figure;
  readonly picture: Place;
  readonly isSelected: boolean;
}) {
  const { figure, picture, isSelected } = props;
  const points = pointsText(figure.points, picture);
  const [x, y] = nameSpot(figure, picture);
  return (
    <>
      <g
        class="figure"
        data-kind={figure.kind}
        data-figure={figure.key}
        data-selected={isSelected}
        role="button"
        tabindex={0}
        aria-pressed={isSelected}
        aria-label={figureTexts.figure(figure)}
      >
        {figure.kind === 'zone' ? (
          <>
            <polygon class="figure-halo" points={points} />
            <polygon class="figure-shape" points={points} />
          </>
        ) : (
          <>
            <polyline class="figure-hit" points={points} />
            <polyline class="figure-halo" points={points} />
            <polyline class="figure-shape" points={points} />
          </>
        )}
        <text class="figure-name" x={x} y={y}>
          {figure.name}
        </text>
      </g>
      {figure.kind === 'line' && <WayIn figure={figure} picture={picture} />}
    </>
  );
}

function WayIn({ figure, picture }: { readonly figure: Figure; readonly picture: Place }) {
  const [from, to] = wayIn(figure, picture, ARROW);
  const [dx, dy] = [(to[0] - from[0]) / ARROW, (to[1] - from[1]) / ARROW];
  const back: Point = [to[0] - dx * ARROW_HEAD, to[1] - dy * ARROW_HEAD];
  const wing = (side: 1 | -1) =>
    `${back[0] - dy * ARROW_HEAD * 0.6 * side},${back[1] + dx * ARROW_HEAD * 0.6 * side}`;
  const path = `M${from[0]},${from[1]} L${to[0]},${to[1]} M${wing(1)} L${to[0]},${to[1]} L${wing(-1)}`;
  return (
    <g class="way-in" data-kind="line" aria-hidden="true">
      <path class="figure-halo" d={path} />
      <path class="figure-way" d={path} />
      <text class="figure-name" x={to[0] + dx * 12} y={to[1] + dy * 12 + 4}>
        {figureTexts.in}
      </text>
    </g>
  );
}

/** The corners of the figure that is worked on, to be dragged, and the middles of its sides, from which new corners come. */
export function Handles(props: {
  readonly figure: Figure;
  readonly picture: Place;
  readonly corner: number | undefined;
}) {
  const { figure, picture, corner } = props;
  return (
    <>
      {figure.kind === 'zone' &&
        sideMiddles(figure).map((middle, side) => {
          const [x, y] = onBoard(middle, picture);
          return (
            <g key={`side ${side}`} class="side-handle" data-side={side} aria-hidden="true">
              <circle class="handle-hit" cx={x} cy={y} r={MIDDLE_HIT} />
              <circle class="handle-dot" cx={x} cy={y} r={MIDDLE} />
            </g>
          );
        })}
      {figure.points.map((point, at) => {
        const [x, y] = onBoard(point, picture);
        return (
          <g
            key={`corner ${at}`}
            class="corner-handle"
            data-corner={at}
            data-selected={at === corner}
            role="button"
            tabindex={0}
            aria-pressed={at === corner}
            aria-label={figureTexts.corner(figure, at)}
          >
            <circle class="handle-hit" cx={x} cy={y} r={HANDLE_HIT} />
            <circle class="handle-dot" cx={x} cy={y} r={HANDLE} />
          </g>
        );
      })}
    </>
  );
}

/** What is being drawn, up to the pointer. */
export function DraftShape(props: {
  readonly draft: { readonly kind: Figure['kind']; readonly points: readonly Point[] };
  readonly pointer: Point | undefined;
  readonly picture: Place;
}) {
  const { draft, pointer, picture } = props;
  const all = pointer === undefined ? draft.points : [...draft.points, pointer];
  return (
    <g class="draft" data-kind={draft.kind} aria-hidden="true">
      <polyline class="figure-halo" points={pointsText(all, picture)} />
      <polyline class="figure-shape" points={pointsText(all, picture)} />
      {draft.points.map((point, at) => {
        const [x, y] = onBoard(point, picture);
        return <circle key={at} class="handle-dot" cx={x} cy={y} r={at === 0 ? HANDLE : MIDDLE} />;
      })}
    </g>
  );
}
