import { useRef, useState } from 'preact/hooks';
import { wordsOf } from '../request.js';

/** What somebody has asked for by a button or a form, as it stands. */
export interface Attempt {
  readonly isBusy: boolean;
  /** Why the latest did not work, in words. */
  readonly fault: string | undefined;
  /** Resolves when it is done, or did not work. While one is under way, another is not begun. */
  readonly attempt: (work: () => Promise<unknown>) => Promise<void>;
}

/** One thing at a time, whose fault is told instead of thrown. */
export function useAttempt(): Attempt {
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  // The state is as old as the latest rendering: a second click may be sooner than the next.
  const isUnderWay = useRef(false);
  const attempt = async (work: () => Promise<unknown>) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setBusy(true);
    setFault(undefined);
    try {
      await work();
    } catch (error) {
      setFault(wordsOf(error));
    } finally {
      isUnderWay.current = false;
      setBusy(false);
    }
  };
  return { isBusy, fault, attempt };
}
