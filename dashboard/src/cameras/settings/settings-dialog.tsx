import { useState } from 'preact/hooks';
import { wordsOf } from '../../request.js';
import { texts } from '../../texts.js';
import { Dialog } from '../../ui/dialog.js';
import type { CameraConfig } from '../camera-config.js';
import { isConflict } from '../config-file.js';
import { faultsOf, type Faults } from '../rules/field-faults.js';
import { RuleFieldInput } from '../rules/rule-field.js';
import { SETTINGS } from './settings-fields.js';
import { settingAt, settingsPatch } from './settings-patch.js';
import { settingsTexts } from './settings-texts.js';

const NO_FAULTS: Faults = { byKey: new Map(), rest: [] };

/** What is recorded of a camera and how it is analysed. What is wrong with it, the server says: beside the key that it is about. */
export function SettingsDialog(props: {
  readonly camera: string;
  readonly config: CameraConfig;
  readonly onClose: () => void;
}) {
  const { camera, config, onClose } = props;
  const [entered, setEntered] = useState<ReadonlyMap<string, unknown>>(new Map());
  const [faults, setFaults] = useState<Faults>(NO_FAULTS);
  const [isSaving, setSaving] = useState(false);

  const save = async (event: Event) => {
    event.preventDefault();
    if (isSaving) return;
    const patch = settingsPatch(config.camera, entered);
    if (patch === undefined) return onClose();
    setSaving(true);
    setFaults(NO_FAULTS);
    try {
      await config.change(patch);
      onClose();
    } catch (error) {
      if (isConflict(error)) {
        setFaults({ byKey: new Map(), rest: [settingsTexts.conflict] });
        await config.reload();
      } else setFaults(faultsOf(wordsOf(error), `cameras.${camera}`));
    } finally {
      setSaving(false);
    }
  };
  const known = new Set(SETTINGS.flatMap(({ fields }) => fields.map(({ key }) => key)));
  const stray = [...faults.byKey].filter(([key]) => !known.has(listOf(key)));
  return (
    <Dialog title={settingsTexts.title(camera)} onClose={onClose} isWide>
      <form class="rule-form" onSubmit={(event) => void save(event)} aria-busy={isSaving}>
        {SETTINGS.map(({ title, fields }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <div class="rule-fields">
              {fields.map((field) => (
                <RuleFieldInput
                  key={field.key}
                  field={field}
                  value={
                    entered.has(field.key) ? entered.get(field.key) : settingAt(config.camera, field.key)
                  }
                  fault={[...faults.byKey].find(([key]) => listOf(key) === field.key)?.[1]}
                  wordOf={(value) => settingsTexts.word(field.key, value)}
                  onChange={(value) => setEntered((before) => new Map(before).set(field.key, value))}
                />
              ))}
            </div>
          </section>
        ))}
        <p class="quiet">{settingsTexts.rest}</p>
        <div class="fault" role="alert">
          {[...stray.map(([key, text]) => `${key}: ${text}`), ...faults.rest].map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
        <p class="row">
          <button type="submit" class="primary" disabled={isSaving}>
            {isSaving ? settingsTexts.saving : texts.save}
          </button>
          <button type="button" class="secondary" onClick={onClose}>
            {texts.cancel}
          </button>
        </p>
      </form>
    </Dialog>
  );
}

/** `analyse.detect[1]` is about `analyse.detect`. */
function listOf(key: string): string {
  return key.replace(/\[\d+\]$/, '');
}
