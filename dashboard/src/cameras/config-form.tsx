import { useState } from 'preact/hooks';
import { isConflict, wordsOf } from '../request.js';
import { texts } from '../texts.js';
import type { CameraConfig } from './camera-config.js';
import { faultsOf, type Faults } from './rules/field-faults.js';

const NO_FAULTS: Faults = { byKey: new Map(), rest: [] };

/** A change of a camera's configuration that a form makes, and what the server has against it. */
export interface ConfigSave {
  readonly faults: Faults;
  readonly isSaving: boolean;
  readonly send: (patch: unknown) => Promise<void>;
  /** Tells what the server has against something that was not saved. */
  readonly refused: (error: unknown) => void;
  readonly forget: () => void;
}

/**
 * @param about a path as messages have it, such as `cameras.gate`: faults of what is below stand beside its keys
 * @param conflict what is said where somebody else has changed the configuration meanwhile; that is read again, and what was entered stays
 */
export function useConfigSave(options: {
  readonly config: CameraConfig;
  readonly about: string;
  readonly conflict: string;
  readonly onSaved: () => void;
}): ConfigSave {
  const { config, about, conflict, onSaved } = options;
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);
  const [isSaving, setSaving] = useState(false);
  const refused = (error: unknown) => setFaults(faultsOf(wordsOf(error), about));
  const send = async (patch: unknown) => {
    if (isSaving) return;
    setSaving(true);
    setFaults(NO_FAULTS);
    try {
      await config.change(patch);
      onSaved();
    } catch (error) {
      if (isConflict(error)) {
        setFaults({ byKey: new Map(), rest: [conflict] });
        await config.reload();
      } else refused(error);
    } finally {
      setSaving(false);
    }
  };
  return { faults, isSaving, send, refused, forget: () => setFaults(NO_FAULTS) };
}

/** The end of such a form: what is wrong with none of its fields, and the buttons. */
export function ConfigFormEnd(props: {
  readonly faults: readonly string[];
  readonly isSaving: boolean;
  readonly onCancel: () => void;
}) {
  return (
    <>
      <div class="fault" role="alert">
        {props.faults.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <p class="row">
        <button type="submit" class="primary" disabled={props.isSaving}>
          {props.isSaving ? texts.saving : texts.save}
        </button>
        <button type="button" class="secondary" onClick={props.onCancel}>
          {texts.cancel}
        </button>
      </p>
    </>
  );
}
