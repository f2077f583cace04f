import type { Place } from '../../live/picture-fit.js';
import { nameSpot, pointsText } from '../figures/place-in-picture.js';
import type { Proposal } from './scene-proposals.js';

/** Ghosts of the zones that are proposed, above the picture; they are taken in the list beside it, or by a click. */
export function ProposalShapes(props: {
  readonly proposals: readonly Proposal[];
  readonly picture: Place;
  readonly onTake: (proposal: Proposal) => void;
}) {
  const { proposals, picture, onTake } = props;
  return (
    <>
      {proposals.map((proposal, at) => {
        const [x, y] = nameSpot({ points: proposal.polygon }, picture);
        return (
          <g key={at} class="proposal" aria-hidden="true" onClick={() => onTake(proposal)}>
            <polygon class="figure-halo" points={pointsText(proposal.polygon, picture)} />
            <polygon class="figure-shape" points={pointsText(proposal.polygon, picture)} />
            <text class="figure-name" x={x} y={y}>
              {proposal.class}
            </text>
          </g>
        );
      })}
    </>
  );
}
