import { useState } from 'preact/hooks';
import { Dialog } from '../../ui/dialog.js';
import type { CameraConfig } from '../camera-config.js';
import { ConfigFormEnd, useConfigSave } from '../config-form.js';
import { RuleFieldInput } from '../rules/rule-field.js';
import { SETTINGS } from './settings-fields.js';
import { settingAt, settingsPatch } from './settings-patch.js';
import { settingsTexts } from './settings-texts.js';

/** What is recorded of a camera and how it is analysed. What is wrong with it, the server says: beside the key that it is about. */
export function SettingsDialog(props: {
  readonly camera: string;
  readonly config: CameraConfig;
  readonly onClose: () => void;
}) {
  const { camera, config, onClose } = props;
  const [entered, setEntered] = useState<ReadonlyMap<string, unknown>>(new Map());
  const { faults, isSaving, send } = useConfigSave({
    ...{ config, about: `cameras.${camera}`, conflict: settingsTexts.conflict, onSaved: onClose },
  });

  const save = (event: Event) => {
    event.preventDefault();
    const patch = settingsPatch(config.camera, entered);
    if (patch === undefined) onClose();
    else void send(patch);
  };
  const known = new Set(SETTINGS.flatMap(({ fields }) => fields.map(({ key }) => key)));
  const stray = [...faults.byKey].filter(([key]) => !known.has(listOf(key)));
  return (
    <Dialog title={settingsTexts.title(camera)} onClose={onClose} isWide>
      <form class="rule-form" onSubmit={save} aria-busy={isSaving}>
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
        <ConfigFormEnd
          faults={[...stray.map(([key, text]) => `${key}: ${text}`), ...faults.rest]}
          isSaving={isSaving}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

/** `analyse.detect[1]` is about `analyse.detect`. */
function listOf(key: string): string {
  return key.replace(/\[\d+\]$/, '');
}
