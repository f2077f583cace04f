import { useState } from 'preact/hooks';
import { requestJson, wordsOf } from '../../request.js';
import type { Proposal } from './scene-proposals.js';
import { sceneTexts } from './scene-texts.js';

/** Zones that the server proposes, until they are taken or dismissed. */
export interface Proposals {
  readonly list: readonly Proposal[];
  readonly isLooking: boolean;
  readonly notice: { readonly text: string; readonly isBad: boolean } | undefined;
  /** Looks at the scene anew. */
  readonly ask: () => Promise<void>;
  readonly drop: (proposal: Proposal) => void;
  readonly dismiss: () => void;
}

/** Asks the server what zones a camera's scene suggests. */
export function useProposals(camera: string): Proposals {
  const [list, setList] = useState<readonly Proposal[]>([]);
  const [isLooking, setLooking] = useState(false);
  const [notice, setNotice] = useState<Proposals['notice']>();
  return {
    list,
    isLooking,
    notice,
    ask: async () => {
      setLooking(true);
      setNotice({ text: sceneTexts.looking, isBad: false });
      try {
        const { proposals } = await requestJson<{ readonly proposals: readonly Proposal[] }>(
          `/api/v1/cameras/${encodeURIComponent(camera)}/scene`,
          { method: 'POST', body: {} },
        );
        setList(proposals);
        setNotice({
          text: proposals.length === 0 ? sceneTexts.none : sceneTexts.found(proposals.length),
          isBad: false,
        });
      } catch (error) {
        setNotice({ text: wordsOf(error), isBad: true });
      } finally {
        setLooking(false);
      }
    },
    drop: (proposal) => {
      const rest = list.filter((one) => one !== proposal);
      setList(rest);
      if (rest.length === 0) setNotice(undefined);
    },
    dismiss: () => {
      setList([]);
      setNotice(undefined);
    },
  };
}
