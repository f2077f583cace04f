import { useEffect } from 'preact/hooks';
import type { EditorAction } from './editor.js';

/** Ctrl+Z, and Ctrl+Shift+Z or Ctrl+Y, wherever on the page the focus is; fields have their own. */
export function useUndoKeys(dispatch: (action: EditorAction) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key !== 'z' && key !== 'y') return;
      if (event.target instanceof Element && event.target.matches('input, textarea, select, dialog *'))
        return;
      event.preventDefault();
      dispatch({ type: key === 'y' || event.shiftKey ? 'redo' : 'undo' });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
