import { useRef } from 'preact/hooks';
import { may } from '../access/may.js';
import { LAYERS, layers, toggleLayer } from '../live/layers.js';
import { toggleFullScreen } from './full-screen.js';
import { isPanelOpen } from './kept.js';
import { layouts, layoutsFault } from './own-layouts.js';
import { wallTexts } from './wall-texts.js';
import { showLayout, wall } from './wall-view.js';

/** What a dialog is open for. */
export type Asking = 'keys' | 'new' | 'edit';

const ALL = '';
/** No name of a layout: those are trimmed. */
const ALONE = ' alone';

/** Above the wall: which cameras, what lies over their pictures, and how it fills the screen. */
export function WallBar({ onAsk }: { readonly onAsk: (what: Asking) => void }) {
  const view = wall.value;
  const { alone, layout } = view ?? {};
  return (
    <div class="wall-bar">
      <label class="filter">
        {wallTexts.layout}
        <select
          value={alone === undefined ? (layout?.name ?? ALL) : ALONE}
          onChange={({ currentTarget: { value } }) => {
            if (value !== ALONE) showLayout(value === ALL ? undefined : value);
          }}
        >
          <option value={ALL}>{wallTexts.allCameras}</option>
          {layouts.value.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          {alone !== undefined && <option value={ALONE}>{wallTexts.alone(alone)}</option>}
        </select>
      </label>
      <button
        type="button"
        class="secondary"
        onClick={() => onAsk(layout === undefined ? 'new' : 'edit')}
        disabled={view === undefined}
      >
        {layout === undefined ? wallTexts.newLayout : wallTexts.editLayout}
      </button>
      <LayersMenu />
      {view !== undefined && view.wanted > view.shown.length && (
        <span class="quiet">{wallTexts.tooMany(view.shown.length, view.wanted)}</span>
      )}
      <span class="wall-bar-end">
        <button
          type="button"
          class="secondary"
          onClick={() => {
            const space = document.querySelector('.wall-space');
            if (space !== null) toggleFullScreen(space);
          }}
        >
          {wallTexts.fullScreen}
        </button>
        <button
          type="button"
          class="secondary"
          aria-expanded={isPanelOpen.value}
          onClick={() => (isPanelOpen.value = !isPanelOpen.peek())}
        >
          {isPanelOpen.value ? wallTexts.panelHide : wallTexts.panelShow}
        </button>
        <button type="button" class="secondary wall-keys" onClick={() => onAsk('keys')}>
          {wallTexts.keys}
        </button>
      </span>
      {layoutsFault.value !== undefined && (
        <span class="fault" role="alert">
          {wallTexts.layoutsFault(layoutsFault.value)}
        </span>
      )}
    </div>
  );
}

function LayersMenu() {
  const menu = useRef<HTMLDetailsElement>(null);
  const shown = LAYERS.filter((layer) => layer !== 'zones' || may('config'));
  const close = () => {
    if (menu.current !== null) menu.current.open = false;
  };
  return (
    <details
      ref={menu}
      class="menu"
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && menu.current?.contains(relatedTarget) === false) close();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || menu.current?.open !== true) return;
        event.stopPropagation();
        close();
        menu.current.querySelector('summary')?.focus();
      }}
    >
      <summary class="secondary">{wallTexts.layers}</summary>
      <fieldset class="menu-body">
        <legend class="out-of-sight">{wallTexts.layers}</legend>
        {shown.map((layer) => (
          <label key={layer} class="check">
            <input
              type="checkbox"
              checked={layers.value.includes(layer)}
              onChange={() => toggleLayer(layer)}
            />
            {wallTexts.layerNames[layer]}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
