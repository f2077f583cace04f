import type { CameraView } from '../../../src/server/protocol.js';
import { FigureLayer } from './figures/figure-layer.js';
import { take } from './figures/figures-panel.js';
import { PictureBoard } from './figures/picture-board.js';
import type { FigureEditor } from './figures/use-editor.js';
import { FollowLayer } from './follow/follow-layer.js';
import type { Follow } from './follow/use-follow.js';
import { ProposalShapes } from './scene/proposal-shapes.js';
import type { Proposals } from './scene/use-proposals.js';

/** The live picture, and above it what is pointed at: zones and lines, or an object to follow. */
export function CameraBoard(props: {
  readonly view: CameraView;
  readonly follow: Follow;
  readonly figures?: FigureEditor;
  readonly proposals?: Proposals;
}) {
  const { view, follow, figures, proposals } = props;
  const { id, width, height } = view;
  const size = width === undefined || height === undefined ? undefined : { width, height };
  return (
    <PictureBoard view={view}>
      {(picture) => {
        if (follow.isPicking)
          return (
            <FollowLayer
              camera={id}
              picture={picture}
              size={size}
              onPick={(box, label) => void follow.begin(box, label)}
              onMiss={follow.miss}
              onCancel={() => follow.setPicking(false)}
            />
          );
        if (figures === undefined) return null;
        return (
          <FigureLayer editor={figures.editor} picture={picture} dispatch={figures.dispatch}>
            {proposals !== undefined && (
              <ProposalShapes
                proposals={proposals.list}
                picture={picture}
                onTake={(proposal) => take(figures, proposals, proposal)}
              />
            )}
          </FigureLayer>
        );
      }}
    </PictureBoard>
  );
}
