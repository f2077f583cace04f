import { useSignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { isConflict, wordsOf } from '../../request.js';
import type { CameraConfig } from '../camera-config.js';
import type { WrittenCamera } from '../config-file.js';
import { faultsOf } from '../rules/field-faults.js';
import { edited, emptyEditor, type Editor, type EditorAction } from './editor.js';
import { drawingOf, onSaved, patchOf, rebased } from './figure-patch.js';
import { figureTexts } from './figure-texts.js';

/** The editor of one camera's figures, and how they are saved. */
export interface FigureEditor {
  readonly editor: Editor;
  readonly dispatch: (action: EditorAction) => void;
  readonly isChanged: boolean;
  readonly isSaving: boolean;
  /** What came of the last saving, in words. */
  readonly notice: { readonly text: string; readonly isBad: boolean } | undefined;
  readonly save: () => Promise<void>;
  /** Back to what is saved. */
  readonly discard: () => void;
}

/** Loads a camera's figures; what was drawn stays when the configuration changes under it, and what is drawn while saving, too. */
export function useEditor(config: CameraConfig): FigureEditor {
  const editor = useSignal<Editor>(emptyEditor);
  /** What was drawn upon. */
  const base = useRef<WrittenCamera>(undefined);
  const [notice, setNotice] = useState<FigureEditor['notice']>();
  const [isSaving, setSaving] = useState(false);
  const { camera } = config;
  const dispatch = (action: EditorAction) => {
    editor.value = edited(editor.peek(), action);
  };
  const drawing = editor.value.history.now;
  const isChanged = base.current !== undefined && patchOf(base.current, drawing) !== undefined;

  /** Takes over what others have changed; returns the names of figures that were changed here, too. */
  const adopt = (fresh: WrittenCamera | undefined): readonly string[] => {
    if (fresh === undefined || fresh === base.current) return [];
    // Before the first answer one may draw already, on what is taken for empty.
    const before = base.current ?? {};
    base.current = fresh;
    const { clashes } = rebased(before, fresh, editor.peek().history.now);
    dispatch({ type: 'rebase', onto: (one) => rebased(before, fresh, one).drawing });
    return clashes;
  };
  useEffect(() => {
    // While saving it may be what was sent: `save` tells them apart.
    if (!isSaving) adopt(camera);
  }, [camera, isSaving]);
  useEffect(() => {
    if (!isChanged) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isChanged]);

  const save = async () => {
    if (isSaving) return;
    // The patch must be one of the configuration that `change` names.
    adopt(camera);
    const sent = editor.peek().history.now;
    const patch = base.current === undefined ? undefined : patchOf(base.current, sent);
    if (patch === undefined) return;
    setSaving(true);
    setNotice(undefined);
    try {
      const written = await config.change(patch);
      if (written !== undefined) {
        base.current = written;
        dispatch({ type: 'rebase', onto: (one) => onSaved(sent, written, one) });
      }
      setNotice({ text: figureTexts.saved, isBad: false });
    } catch (error) {
      if (isConflict(error)) {
        setNotice({ text: figureTexts.conflict(adopt(await config.reload())), isBad: true });
      } else {
        const { rest } = faultsOf(wordsOf(error));
        setNotice({ text: rest.join('\n'), isBad: true });
      }
    } finally {
      setSaving(false);
    }
  };
  return {
    editor: editor.value,
    dispatch,
    isChanged,
    isSaving,
    notice: notice?.isBad === isChanged ? notice : undefined,
    save,
    discard: () => {
      setNotice(undefined);
      if (base.current !== undefined) dispatch({ type: 'load', drawing: drawingOf(base.current) });
    },
  };
}
