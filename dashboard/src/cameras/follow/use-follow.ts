import { useEffect, useRef, useState } from 'preact/hooks';
import type { FollowedView, NumberedMessage } from '../../../../src/server/protocol.js';
import { request, RequestFault, requestJson, wordsOf } from '../../request.js';
import { durableListeners } from '../../server-link.js';
import { followTexts } from './follow-texts.js';

/** What is followed by hand here, and the ways to begin and end it. */
export interface Follow {
  readonly isPicking: boolean;
  readonly setPicking: (isPicking: boolean) => void;
  readonly followed: { readonly id: string; readonly label: string } | undefined;
  /** What there is to say, such as why it cannot be followed. */
  readonly notice: { readonly text: string; readonly isBad: boolean } | undefined;
  /** @param box in pixels of the source */
  readonly begin: (box: readonly [number, number, number, number], label?: string) => Promise<void>;
  readonly miss: () => void;
  readonly stop: () => Promise<void>;
}

/** Follows one object of a camera at a time. */
export function useFollow(camera: string): Follow {
  const [isPicking, setPicking] = useState(false);
  const [followed, setFollowed] = useState<Follow['followed']>();
  const [notice, setNotice] = useState<Follow['notice']>();
  const now = useRef<Follow['followed']>(undefined);
  /** Tracks that ended while an answer was on its way: the one that it names may be among them. */
  const ended = useRef<Set<string>>(undefined);
  const address = `/api/v1/cameras/${encodeURIComponent(camera)}/follow`;
  const take = (next: Follow['followed']) => {
    now.current = next;
    setFollowed(next);
  };
  const tellOver = (label: string) => setNotice({ text: followTexts.over(label), isBad: false });
  useEffect(() => {
    const listen = (message: NumberedMessage) => {
      if (message.type !== 'track.ended') return;
      ended.current?.add(message.track.id);
      if (message.track.id !== now.current?.id) return;
      tellOver(now.current.label);
      take(undefined);
    };
    durableListeners.add(listen);
    return () => void durableListeners.delete(listen);
  }, []);

  const release = async (id: string) => {
    try {
      await request(`${address}/${encodeURIComponent(id)}`, { method: 'DELETE' });
    } catch (error) {
      // It may have ended meanwhile by itself.
      if (!(error instanceof RequestFault && error.status === 404)) throw error;
    }
  };
  return {
    isPicking,
    setPicking: (next) => {
      setPicking(next);
      setNotice(undefined);
    },
    followed,
    notice,
    begin: async (box, label) => {
      setPicking(false);
      setNotice({ text: followTexts.asking, isBad: false });
      try {
        if (now.current !== undefined) await release(now.current.id);
        take(undefined);
        ended.current = new Set();
        const body = { box, ...(label !== undefined && { label }) };
        const { id } = await requestJson<FollowedView>(address, { method: 'POST', body });
        const said = label ?? 'object';
        if (ended.current.has(id)) tellOver(said);
        else {
          take({ id, label: said });
          setNotice(undefined);
        }
      } catch (error) {
        setNotice({ text: wordsOf(error), isBad: true });
      } finally {
        ended.current = undefined;
      }
    },
    miss: () => setNotice({ text: followTexts.miss, isBad: true }),
    stop: async () => {
      if (now.current === undefined) return;
      try {
        await release(now.current.id);
        take(undefined);
        setNotice(undefined);
      } catch (error) {
        setNotice({ text: wordsOf(error), isBad: true });
      }
    },
  };
}
