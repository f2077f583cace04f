import { useState } from 'preact/hooks';
import { may } from '../access/may.js';
import { cameras } from '../state.js';
import { texts } from '../texts.js';
import { Dialog } from '../ui/dialog.js';
import {
  COLUMNS_MAX,
  LAYOUT_NAME_MAX,
  LAYOUTS_MAX,
  WALL_CAMERAS_MAX,
  withLayout,
  type Layout,
} from './layouts.js';
import { changeLayouts, layouts, layoutsFault } from './own-layouts.js';
import { wallTexts } from './wall-texts.js';
import { showLayout, wall } from './wall-view.js';

/** Makes a layout, or changes one: its name, its cameras and their order. */
export function LayoutDialog(props: {
  /** Undefined: a new one, which begins with what is on the wall. */
  readonly layout: Layout | undefined;
  readonly onClose: () => void;
}) {
  const { layout, onClose } = props;
  const [name, setName] = useState(layout?.name ?? '');
  const [columns, setColumns] = useState(layout?.columns);
  const [chosen, setChosen] = useState<readonly string[]>(wall.peek()?.shown ?? []);
  const [fault, setFault] = useState<string>();
  const save = (event: Event) => {
    event.preventDefault();
    const wanted = name.trim();
    const found = faultOf(wanted, chosen, layout);
    setFault(found);
    if (found !== undefined) return;
    const saved = { name: wanted, cameras: chosen, ...(columns !== undefined && { columns }) };
    changeLayouts((all) => withLayout(all, saved, layout?.name));
    showLayout(wanted);
    onClose();
  };
  return (
    <Dialog title={layout === undefined ? wallTexts.newLayout : wallTexts.editLayout} onClose={onClose}>
      <form class="layout-form" onSubmit={save}>
        <label class="field">
          {wallTexts.layoutName}
          <input
            value={name}
            maxLength={LAYOUT_NAME_MAX}
            placeholder={wallTexts.layoutNamePlaceholder}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <label class="field">
          {wallTexts.columns}
          <select
            value={columns ?? ''}
            onChange={({ currentTarget: { value } }) => setColumns(value === '' ? undefined : Number(value))}
          >
            <option value="">{wallTexts.columnsAuto}</option>
            {Array.from({ length: COLUMNS_MAX }, (_, at) => (
              <option key={at} value={at + 1}>
                {at + 1}
              </option>
            ))}
          </select>
        </label>
        <CameraOrder chosen={chosen} onChange={setChosen} />
        {fault !== undefined && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
        <div class="row">
          <button type="submit" class="primary">
            {texts.save}
          </button>
          {layout !== undefined && (
            <button
              type="button"
              class="secondary danger"
              onClick={() => {
                changeLayouts((all) => all.filter(({ name: other }) => other !== layout.name));
                showLayout(undefined);
                onClose();
              }}
            >
              {wallTexts.layoutDelete}
            </button>
          )}
          <span class="quiet">
            {may('account') && layoutsFault.value === undefined ? wallTexts.layoutKept : wallTexts.layoutHere}
          </span>
        </div>
      </form>
    </Dialog>
  );
}

/** Chosen cameras in their order, then the others. */
function CameraOrder(props: {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}) {
  const { chosen, onChange } = props;
  const others = (cameras.value ?? []).map(({ id }) => id).filter((id) => !chosen.includes(id));
  const swap = (at: number, to: number) => {
    const next = [...chosen];
    [next[at], next[to]] = [next[to]!, next[at]!];
    onChange(next);
  };
  return (
    <fieldset class="layout-cameras">
      <legend>{wallTexts.layoutCameras}</legend>
      <ol>
        {[...chosen, ...others].map((id, at) => (
          <li key={id}>
            <label class="check">
              <input
                type="checkbox"
                checked={at < chosen.length}
                onChange={() =>
                  onChange(at < chosen.length ? chosen.filter((one) => one !== id) : [...chosen, id])
                }
              />
              {id}
            </label>
            {at < chosen.length && (
              <span class="row">
                <Move
                  label={wallTexts.moveUp(id)}
                  sign="↑"
                  isOff={at === 0}
                  onMove={() => swap(at, at - 1)}
                />
                <Move
                  label={wallTexts.moveDown(id)}
                  sign="↓"
                  isOff={at === chosen.length - 1}
                  onMove={() => swap(at, at + 1)}
                />
              </span>
            )}
          </li>
        ))}
      </ol>
    </fieldset>
  );
}

function Move(props: {
  readonly label: string;
  readonly sign: string;
  readonly isOff: boolean;
  readonly onMove: () => void;
}) {
  return (
    <button
      type="button"
      class="plain"
      aria-label={props.label}
      disabled={props.isOff}
      onClick={props.onMove}
    >
      {props.sign}
    </button>
  );
}

/** What is wrong with a layout, in words. */
function faultOf(name: string, chosen: readonly string[], layout: Layout | undefined): string | undefined {
  if (name === '') return wallTexts.layoutNameMissing;
  if (layout === undefined && layouts.peek().length >= LAYOUTS_MAX) return wallTexts.layoutsFull(LAYOUTS_MAX);
  if (name !== layout?.name && layouts.peek().some((other) => other.name === name))
    return wallTexts.layoutNameTaken;
  if (chosen.length === 0) return wallTexts.layoutEmpty;
  return chosen.length > WALL_CAMERAS_MAX ? wallTexts.layoutFull(WALL_CAMERAS_MAX) : undefined;
}
