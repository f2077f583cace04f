import { useEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

/**
 * Whether somebody may see an element now: it is within the window (or scrolled into it), the page is not hidden, and nothing else fills the
 * screen.
 */
export function useOnScreen(element: RefObject<HTMLElement | null>): boolean {
  const [isWithin, setWithin] = useState(false);
  const [isUncovered, setUncovered] = useState(true);
  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const observer = new IntersectionObserver((entries) => setWithin(entries.at(-1)!.isIntersecting));
    observer.observe(target);
    const look = () => {
      const full = document.fullscreenElement;
      setUncovered(!document.hidden && (full === null || full.contains(target)));
    };
    look();
    document.addEventListener('visibilitychange', look);
    document.addEventListener('fullscreenchange', look);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', look);
      document.removeEventListener('fullscreenchange', look);
    };
  }, []);
  return isWithin && isUncovered;
}
