import { useState } from 'preact/hooks';
import { Dialog } from '../../ui/dialog.js';
import type { CameraConfig } from '../camera-config.js';
import { ConfigFormEnd, useConfigSave } from '../config-form.js';
import type { WrittenRule } from '../figures/figure-patch.js';
import type { Faults } from './field-faults.js';
import { newRule, typeOf, withRule, withType, withValue } from './rule-draft.js';
import { RuleFieldInput } from './rule-field.js';
import { ruleTexts } from './rule-texts.js';
import { RuleTry } from './rule-try.js';
import { RULE_FIELDS, RULE_TYPES, type RuleType } from './rule-types.js';
import { ScheduleFields } from './schedule-fields.js';

/** A rule is made or changed, tried on the past, and saved. What is wrong with it, the server says: beside the key that it is about. */
export function RuleDialog(props: {
  readonly camera: string;
  readonly config: CameraConfig;
  /** The name of the rule that is changed; undefined: a new one. */
  readonly was: string | undefined;
  readonly aspect: number;
  readonly onClose: () => void;
}) {
  const { camera, config, was, aspect, onClose } = props;
  const { zones = {}, lines = {}, rules = [] } = config.camera ?? {};
  const [names, lineNames] = [Object.keys(zones), Object.keys(lines)];
  const [rule, setRule] = useState<WrittenRule>(
    () =>
      rules.find(({ name }) => name === was) ??
      newRule(
        names,
        lineNames,
        rules.map(({ name }) => String(name)),
      ),
  );
  const type = typeOf(rule);
  const set = (key: string) => (value: unknown) => setRule((now) => withValue(now, key, value));
  const all = withRule(rules, was, rule);

  // The list that is tried is the list that would be saved: keys have the same places in both.
  const about = `cameras.${camera}.rules[${all.at}]`;
  const { faults, isSaving, send, refused, forget } = useConfigSave({
    ...{ config, about, conflict: ruleTexts.conflict, onSaved: onClose },
  });
  const save = (event: Event) => {
    event.preventDefault();
    void send({ rules: all.rules });
  };

  return (
    <Dialog
      title={was === undefined ? ruleTexts.newTitle : ruleTexts.editTitle(was)}
      onClose={onClose}
      isWide
    >
      <form class="rule-form" onSubmit={save} aria-busy={isSaving}>
        <div class="rule-fields">
          <div class="field">
            <label for="rule-type">{ruleTexts.type}</label>
            <select
              id="rule-type"
              aria-describedby="rule-type-hint"
              value={type}
              onChange={(event) => setRule(withType(rule, event.currentTarget.value as RuleType))}
            >
              {RULE_TYPES.map((one) => (
                <option key={one} value={one}>
                  {ruleTexts.typeTitle(one)}
                </option>
              ))}
            </select>
            <span class="quiet field-hint" id="rule-type-hint">
              {ruleTexts.typeMeaning(type)}
            </span>
          </div>
          <RuleName value={rule['name']} fault={faults.byKey.get('name')} onChange={set('name')} />
          {RULE_FIELDS[type].map((field) => (
            <RuleFieldInput
              key={`${type} ${field.key}`}
              field={field}
              value={rule[field.key]}
              fault={faults.byKey.get(field.key) ?? faults.byKey.get(`${field.key}[0]`)}
              zones={names}
              lines={lineNames}
              aspect={aspect}
              onChange={set(field.key)}
            />
          ))}
          <label class="field">
            {ruleTexts.severity}
            <select
              value={typeof rule['severity'] === 'string' ? rule['severity'] : 'info'}
              onChange={(event) => set('severity')(event.currentTarget.value)}
            >
              {['info', 'warning', 'alert'].map((one) => (
                <option key={one} value={one}>
                  {ruleTexts.value(one)}
                </option>
              ))}
            </select>
          </label>
          <ScheduleFields value={rule['schedule']} faults={faults.byKey} onChange={set('schedule')} />
        </div>
        <RuleTry
          camera={camera}
          rules={all.rules}
          rule={rule}
          was={was}
          onRefused={refused}
          onAsked={forget}
        />
        <ConfigFormEnd
          faults={[...strayFaults(faults, type), ...faults.rest]}
          isSaving={isSaving}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  );
}

function RuleName(props: {
  readonly value: unknown;
  readonly fault: string | undefined;
  readonly onChange: (value: string) => void;
}) {
  const { value, fault, onChange } = props;
  return (
    <div class="field">
      <label for="rule-name">{ruleTexts.name}</label>
      <input
        id="rule-name"
        type="text"
        autocapitalize="none"
        spellcheck={false}
        maxLength={63}
        required
        aria-invalid={fault !== undefined}
        aria-describedby="rule-name-hint"
        value={typeof value === 'string' ? value : ''}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <span class="field-hint" id="rule-name-hint">
        {fault === undefined ? (
          <span class="quiet">{ruleTexts.nameHint}</span>
        ) : (
          <span class="fault">{fault}</span>
        )}
      </span>
    </div>
  );
}

/** About keys of the rule that no field shows. */
function strayFaults({ byKey }: Faults, type: RuleType): string[] {
  const shown = new Set(['name', ...RULE_FIELDS[type].map(({ key }) => key)]);
  return [...byKey]
    .filter(([key]) => !shown.has(key.replace(/\[\d+\]$/, '')) && !key.startsWith('schedule.'))
    .map(([key, text]) => `${key}: ${text}`);
}
