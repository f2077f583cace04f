import { useState } from 'preact/hooks';
import { isConflict } from '../../request.js';
import { Confirm } from '../../ui/confirm.js';
import type { CameraConfig } from '../camera-config.js';
import type { WrittenRule } from '../figures/figure-patch.js';
import { RuleDialog } from './rule-dialog.js';
import { ruleTexts } from './rule-texts.js';

type Open = { readonly what: 'add' } | { readonly what: 'edit' | 'remove'; readonly name: string };

/** The rules of a camera: added, changed, removed. */
export function RulesPanel(props: {
  readonly camera: string;
  readonly config: CameraConfig;
  readonly aspect: number;
}) {
  const { camera, config, aspect } = props;
  const [open, setOpen] = useState<Open>();
  const rules = config.camera?.rules ?? [];
  const close = () => setOpen(undefined);
  return (
    <section class="panel" aria-labelledby="rules-title">
      <header class="panel-head">
        <h2 id="rules-title">{ruleTexts.title}</h2>
        <button type="button" class="plain" onClick={() => setOpen({ what: 'add' })}>
          {ruleTexts.add}
        </button>
      </header>
      {rules.length === 0 && <p class="empty">{ruleTexts.none}</p>}
      <ul class="rule-list">
        {rules.map((rule) => (
          <RuleRow key={String(rule['name'])} rule={rule} onOpen={setOpen} />
        ))}
      </ul>
      {open?.what === 'remove' && <RemoveRule config={config} name={open.name} onClose={close} />}
      {(open?.what === 'add' || open?.what === 'edit') && (
        <RuleDialog
          camera={camera}
          config={config}
          was={open.what === 'edit' ? open.name : undefined}
          aspect={aspect}
          onClose={close}
        />
      )}
    </section>
  );
}

function RuleRow({ rule, onOpen }: { readonly rule: WrittenRule; readonly onOpen: (open: Open) => void }) {
  const name = String(rule['name']);
  const severity = typeof rule['severity'] === 'string' ? rule['severity'] : 'info';
  const about = [ruleTexts.typeTitle(String(rule['type'])), rule.zone, rule.line].filter(Boolean);
  return (
    <li>
      <span class="rule-what">
        <span class="rule-name">{name}</span>
        {severity !== 'info' && <span class="chip">{ruleTexts.value(severity)}</span>}
        <span class="quiet">{about.join(' · ')}</span>
      </span>
      <button
        type="button"
        class="plain"
        aria-label={ruleTexts.editNamed(name)}
        onClick={() => onOpen({ what: 'edit', name })}
      >
        {ruleTexts.edit}
      </button>
      <button
        type="button"
        class="plain danger"
        aria-label={ruleTexts.removeNamed(name)}
        onClick={() => onOpen({ what: 'remove', name })}
      >
        {ruleTexts.remove}
      </button>
    </li>
  );
}

function RemoveRule(props: {
  readonly config: CameraConfig;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const { config, name, onClose } = props;
  const remove = async () => {
    const rules = (config.camera?.rules ?? []).filter((rule) => rule['name'] !== name);
    try {
      await config.change({ rules });
    } catch (error) {
      if (!isConflict(error)) throw error;
      await config.reload();
      throw new Error(ruleTexts.conflict, { cause: error });
    }
  };
  return (
    <Confirm
      title={ruleTexts.removeNamed(name)}
      about={ruleTexts.removeSure(name)}
      sure={ruleTexts.remove}
      onSure={remove}
      onClose={onClose}
    />
  );
}
