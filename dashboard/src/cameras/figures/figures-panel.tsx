import { texts } from '../../texts.js';
import { may } from '../../access/may.js';
import { sceneTexts } from '../scene/scene-texts.js';
import { zoneNameOf, type Proposal } from '../scene/scene-proposals.js';
import type { Proposals } from '../scene/use-proposals.js';
import { FigureList } from './figure-list.js';
import { namesTwice, type WrittenRule } from './figure-patch.js';
import { figureTexts } from './figure-texts.js';
import type { FigureEditor } from './use-editor.js';

/** The tools of the editor beside the picture: drawing, undoing, the list by name, saving. */
export function FiguresPanel(props: {
  readonly figures: FigureEditor;
  readonly proposals: Proposals;
  readonly rules: readonly WrittenRule[];
}) {
  const { figures, proposals, rules } = props;
  const { editor, dispatch, isChanged, isSaving, notice, save, discard } = figures;
  const { history, draft } = editor;
  const twice = namesTwice(history.now);
  const hint =
    draft === undefined
      ? figureTexts.edit
      : draft.kind === 'zone'
        ? figureTexts.drawZone
        : figureTexts.drawLine;
  const isHintShown = draft !== undefined || editor.selected !== undefined;
  return (
    <section class="panel" aria-labelledby="figures-title">
      <header class="panel-head">
        <h2 id="figures-title">{figureTexts.title}</h2>
        <span class="row">
          <button
            type="button"
            class="plain"
            disabled={history.past.length === 0}
            onClick={() => dispatch({ type: 'undo' })}
          >
            {figureTexts.undo}
          </button>
          <button
            type="button"
            class="plain"
            disabled={history.future.length === 0}
            onClick={() => dispatch({ type: 'redo' })}
          >
            {figureTexts.redo}
          </button>
        </span>
      </header>
      <div class="panel-body figure-tools">
        <p class="row">
          {(['zone', 'line'] as const).map((kind) => (
            <button
              key={kind}
              type="button"
              class="secondary"
              aria-pressed={draft?.kind === kind}
              onClick={() => dispatch(draft?.kind === kind ? { type: 'cancel' } : { type: 'draw', kind })}
            >
              {kind === 'zone' ? figureTexts.addZone : figureTexts.addLine}
            </button>
          ))}
          {may('control') && (
            <button
              type="button"
              class="secondary"
              disabled={proposals.isLooking}
              onClick={() => void proposals.ask()}
            >
              {sceneTexts.propose}
            </button>
          )}
        </p>
        {isHintShown && <p class="quiet figure-help">{hint}</p>}
      </div>
      <ProposalList proposals={proposals} onTake={(proposal) => take(figures, proposals, proposal)} />
      <FigureList editor={editor} rules={rules} twice={twice} dispatch={dispatch} />
      <div class="panel-body figure-end">
        <div role="status">
          {notice !== undefined && <p class={notice.isBad ? 'fault' : 'quiet'}>{notice.text}</p>}
          {notice === undefined && isChanged && <p class="quiet">{figureTexts.unsaved}</p>}
        </div>
        <p class="row">
          <button
            type="button"
            class="primary"
            disabled={!isChanged || isSaving || twice.size > 0}
            onClick={() => void save()}
          >
            {isSaving ? figureTexts.saving : texts.save}
          </button>
          <button type="button" class="secondary" disabled={!isChanged || isSaving} onClick={discard}>
            {figureTexts.discard}
          </button>
        </p>
      </div>
    </section>
  );
}

/** Makes a proposal a zone, which is saved with the others. */
export function take({ dispatch }: FigureEditor, proposals: Proposals, proposal: Proposal): void {
  dispatch({ type: 'add', kind: 'zone', points: proposal.polygon, name: zoneNameOf(proposal.class) });
  proposals.drop(proposal);
}

function ProposalList({
  proposals,
  onTake,
}: {
  readonly proposals: Proposals;
  readonly onTake: (proposal: Proposal) => void;
}) {
  const { list, notice, dismiss } = proposals;
  if (notice === undefined && list.length === 0) return null;
  return (
    <div class="panel-body proposals">
      <p role="status" class={notice?.isBad === true ? 'fault' : 'quiet'}>
        {notice?.text}
      </p>
      {list.length > 0 && (
        <>
          <ul>
            {list.map((proposal, at) => (
              <li key={at} class="row">
                <span>{sceneTexts.proposal(proposal.class, proposal.share)}</span>
                <button
                  type="button"
                  class="plain"
                  aria-label={sceneTexts.takeNamed(proposal.class)}
                  onClick={() => onTake(proposal)}
                >
                  {sceneTexts.take}
                </button>
              </li>
            ))}
          </ul>
          <button type="button" class="plain" onClick={dismiss}>
            {sceneTexts.dismiss}
          </button>
        </>
      )}
    </div>
  );
}
