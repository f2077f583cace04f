import type { WrittenRule } from './figure-patch.js';
import type { Editor, EditorAction } from './editor.js';
import { figureTexts } from './figure-texts.js';
import type { Figure } from './figure.js';

/** The zones and lines of a camera by name: chosen, renamed, reversed, removed. */
export function FigureList(props: {
  readonly editor: Editor;
  readonly rules: readonly WrittenRule[];
  readonly twice: ReadonlySet<string>;
  readonly dispatch: (action: EditorAction) => void;
}) {
  const { editor, rules, twice, dispatch } = props;
  const drawing = editor.history.now;
  if (drawing.length === 0) return <p class="empty">{figureTexts.none}</p>;
  return (
    <ul class="figure-list">
      {drawing.map((figure) => (
        <li key={figure.key} data-selected={figure.key === editor.selected?.key}>
          <FigureRow
            figure={figure}
            isTwice={twice.has(figure.key)}
            usedBy={rules.filter((rule) => isAbout(rule, figure)).map(({ name }) => String(name))}
            dispatch={dispatch}
          />
        </li>
      ))}
    </ul>
  );
}

function FigureRow(props: {
  readonly figure: Figure;
  readonly isTwice: boolean;
  readonly usedBy: readonly string[];
  readonly dispatch: (action: EditorAction) => void;
}) {
  const { figure, isTwice, usedBy, dispatch } = props;
  const { key, kind, name } = figure;
  const select = () => dispatch({ type: 'select', key });
  const hint = `hint-${key.replace(/\W/g, '-')}`;
  return (
    <>
      <span class="chip">{figureTexts.kind(kind)}</span>
      <input
        type="text"
        autocapitalize="none"
        spellcheck={false}
        maxLength={63}
        aria-label={figureTexts.name(figure)}
        aria-describedby={hint}
        aria-invalid={isTwice}
        value={name}
        onFocus={select}
        onInput={(event) => dispatch({ type: 'rename', key, name: event.currentTarget.value })}
      />
      {kind === 'line' && (
        <button
          type="button"
          class="plain"
          aria-label={figureTexts.reverseNamed(figure)}
          onClick={() => {
            select();
            dispatch({ type: 'reverse' });
          }}
        >
          {figureTexts.reverse}
        </button>
      )}
      <button
        type="button"
        class="plain danger"
        aria-label={figureTexts.removeNamed(figure)}
        onClick={() => {
          select();
          dispatch({ type: 'delete' });
        }}
      >
        {figureTexts.remove}
      </button>
      <span class="quiet figure-hint" id={hint}>
        {isTwice ? (
          <span class="fault">{figureTexts.nameTwice}</span>
        ) : usedBy.length > 0 ? (
          figureTexts.usedBy(usedBy)
        ) : (
          figureTexts.unused
        )}
      </span>
    </>
  );
}

/** Rules keep the name under which a figure is saved until that is saved with another. */
function isAbout(rule: WrittenRule, { kind, savedName }: Figure): boolean {
  return savedName !== undefined && rule[kind] === savedName;
}
