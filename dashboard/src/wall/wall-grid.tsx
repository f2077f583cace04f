import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { cameras } from '../state.js';
import { fitGrid, GAP_PX, scrolledGrid, tileBeside, type GridFit } from './grid-fit.js';
import { Tile } from './tile.js';
import { wallTexts } from './wall-texts.js';
import { shownIds, wall } from './wall-view.js';

/** Below this width of the window the page is scrolled, and the wall is as high as it likes (`phone.css`). */
const NARROW = '(max-width: 60rem)';

/** The tiles, as large as they fit. */
export function WallGrid() {
  const space = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const ids = JSON.parse(shownIds.value) as string[];
  const columns = wall.value?.columns;
  const fit = useFit(space, ids.length, columns);
  const [current, setCurrent] = useState(0);
  const at = Math.min(current, ids.length - 1);

  useLayoutEffect(() => {
    const style = list.current?.style;
    style?.setProperty('--columns', String(fit.columns));
    style?.setProperty('--tile-width', `${fit.tileWidthPx}px`);
    style?.setProperty('--tile-height', `${fit.tileHeightPx}px`);
    style?.setProperty('--gap', `${GAP_PX}px`);
  });
  useEffect(() => {
    const move = (event: KeyboardEvent) => {
      const active = document.activeElement;
      const isHere = active === document.body || active === null || list.current?.contains(active) === true;
      if (!isHere || !event.key.startsWith('Arrow') || event.altKey || event.ctrlKey || event.metaKey) return;
      const opens = [...(list.current?.querySelectorAll<HTMLElement>('.tile-open') ?? [])];
      // Where the focus is, not where it was when this was drawn: keys may come faster than that.
      const here = opens.findIndex((open) => open.closest('.tile')?.contains(active) === true);
      // The first arrow goes to the wall, the next ones about it.
      const next = here < 0 ? at : tileBeside(here, event.key, { columns: fit.columns, count: ids.length });
      opens[next]?.focus();
      event.preventDefault();
    };
    document.addEventListener('keydown', move);
    return () => document.removeEventListener('keydown', move);
  }, [at, fit.columns, ids.length]);

  const views = new Map(cameras.value?.map((view) => [view.id, view]));
  return (
    <div ref={space} class="wall-space">
      <ul ref={list} class="wall" aria-label={wallTexts.wall} data-count={ids.length}>
        {ids.map((id, index) => (
          <Tile
            key={id}
            camera={id}
            view={views.get(id)}
            isCurrent={index === at}
            onFocus={() => setCurrent(index)}
          />
        ))}
      </ul>
    </div>
  );
}

function useFit(
  space: { readonly current: HTMLElement | null },
  count: number,
  columns: number | undefined,
): GridFit {
  const [size, setSize] = useState({ widthPx: 0, heightPx: 0, isScrolled: false });
  useLayoutEffect(() => {
    const element = space.current!;
    const narrow = matchMedia(NARROW);
    const measure = () => {
      const isScrolled = narrow.matches && document.fullscreenElement !== element;
      setSize({ widthPx: element.clientWidth, heightPx: element.clientHeight, isScrolled });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    narrow.addEventListener('change', measure);
    measure();
    return () => {
      observer.disconnect();
      narrow.removeEventListener('change', measure);
    };
  }, []);
  if (size.isScrolled) return scrolledGrid(count, size.widthPx, columns);
  return fitGrid(count, size, columns);
}
