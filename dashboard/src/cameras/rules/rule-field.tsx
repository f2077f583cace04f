import type { ComponentChildren } from 'preact';
import { arrowOf, DIRECTION_NAMES, directionOf, wordsIn } from './rule-draft.js';
import { ruleTexts } from './rule-texts.js';
import type { RuleField } from './rule-types.js';
import './rules.css';

export interface RuleFieldProps {
  readonly field: RuleField;
  readonly value: unknown;
  /** What the server has against it. */
  readonly fault: string | undefined;
  /** Of the camera; none where no field asks for them. */
  readonly zones?: readonly string[];
  readonly lines?: readonly string[];
  /** Width of the camera's picture divided by its height. */
  readonly aspect?: number;
  /** What a choice is called; by the words of rules where it is left out. */
  readonly wordOf?: (choice: string) => string;
  readonly onChange: (value: unknown) => void;
}

/** One key of a rule, as its kind is asked for. */
export function RuleFieldInput(props: RuleFieldProps) {
  const { field, value, onChange } = props;
  switch (field.kind) {
    case 'zone':
    case 'line':
      return <NameField {...props} names={(field.kind === 'zone' ? props.zones : props.lines) ?? []} />;
    case 'word':
      return (
        <Labelled {...props}>
          {(ids) => (
            <input
              {...ids}
              type="text"
              autocapitalize="none"
              spellcheck={false}
              required={field.isNeeded === true}
              value={typeof value === 'string' ? value : ''}
              onInput={(event) => onChange(event.currentTarget.value)}
            />
          )}
        </Labelled>
      );
    case 'words':
      return (
        <Labelled {...props}>
          {(ids) => (
            <input
              {...ids}
              type="text"
              autocapitalize="none"
              spellcheck={false}
              required={field.isNeeded === true}
              // While it is typed it stays as it is typed: a comma at the end is no word yet.
              defaultValue={Array.isArray(value) ? value.join(', ') : ''}
              onInput={(event) => onChange(wordsIn(event.currentTarget.value))}
            />
          )}
        </Labelled>
      );
    case 'number':
      return (
        <Labelled {...props}>
          {(ids) => (
            <span class="with-unit">
              <input
                {...ids}
                type="number"
                step="any"
                min={field.least}
                max={field.most}
                required={field.isNeeded === true}
                placeholder={field.usual === undefined ? undefined : ruleTexts.usual(field.usual)}
                value={typeof value === 'number' ? value : ''}
                onInput={({ currentTarget }) =>
                  onChange(currentTarget.value === '' ? undefined : currentTarget.valueAsNumber)
                }
              />
              {field.unit !== undefined && <span class="quiet">{field.unit}</span>}
            </span>
          )}
        </Labelled>
      );
    case 'choice':
      return (
        <Labelled {...props}>
          {(ids) => (
            <Choice
              {...ids}
              choices={field.choices}
              wordOf={props.wordOf}
              value={typeof value === 'string' ? value : field.usual}
              onChange={onChange}
            />
          )}
        </Labelled>
      );
    case 'choices':
      return <TickedChoices {...props} choices={field.choices} />;
    case 'flag':
      return (
        <label class="check">
          <input
            type="checkbox"
            checked={(value ?? field.usual) === true}
            onChange={({ currentTarget }) =>
              onChange(currentTarget.checked === field.usual ? undefined : currentTarget.checked)
            }
          />
          {field.title}
        </label>
      );
    case 'direction':
      return <DirectionField {...props} />;
  }
}

interface Ids {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

/** A name, the input, a hint, and what is wrong with it. */
function Labelled(props: RuleFieldProps & { readonly children: (ids: Ids) => ComponentChildren }) {
  const { field, fault } = props;
  const id = `rule-${field.key}`;
  return (
    <div class="field">
      <label for={id}>{field.title}</label>
      {props.children({ id, 'aria-describedby': `${id}-hint`, 'aria-invalid': fault !== undefined })}
      <span id={`${id}-hint`} class="field-hint">
        {fault === undefined ? <span class="quiet">{field.hint}</span> : <span class="fault">{fault}</span>}
      </span>
    </div>
  );
}

function Choice(
  props: Partial<Ids> & {
    readonly choices: readonly string[];
    readonly wordOf: RuleFieldProps['wordOf'];
    readonly value: string;
    readonly onChange: (value: string) => void;
  },
) {
  const { choices, wordOf = ruleTexts.value, value, onChange, ...ids } = props;
  return (
    <select {...ids} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {wordOf(choice)}
        </option>
      ))}
    </select>
  );
}

function NameField(props: RuleFieldProps & { readonly names: readonly string[] }) {
  const { field, value, names, onChange } = props;
  const none = field.kind === 'zone' ? ruleTexts.noZone : ruleTexts.noLine;
  const now = typeof value === 'string' ? value : '';
  const hint = names.length === 0 && field.isNeeded === true ? none : field.hint;
  return (
    <Labelled {...props} field={{ ...field, ...(hint !== undefined && { hint }) }}>
      {(ids) => (
        <select
          {...ids}
          required={field.isNeeded === true}
          value={now}
          onChange={(event) => onChange(event.currentTarget.value)}
        >
          <option value="">{field.isNeeded === true ? ruleTexts.choose : ruleTexts.wholePicture}</option>
          {[...new Set(now === '' ? names : [...names, now])].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

function DirectionField(props: RuleFieldProps) {
  const { value, aspect = 16 / 9, onChange } = props;
  const now = value === undefined ? '' : (directionOf(value, aspect) ?? 'as-written');
  return (
    <Labelled {...props}>
      {(ids) => (
        <select
          {...ids}
          required
          value={now}
          onChange={({ currentTarget }) => onChange(arrowOf(currentTarget.value, aspect) ?? value)}
        >
          <option value="">{ruleTexts.choose}</option>
          {DIRECTION_NAMES.map((name) => (
            <option key={name} value={name}>
              {ruleTexts.value(name)}
            </option>
          ))}
          {now === 'as-written' && <option value="as-written">{ruleTexts.asWritten}</option>}
        </select>
      )}
    </Labelled>
  );
}

/** Several of a few; none ticked is the server's default. */
export function TickedChoices(props: {
  readonly field: Pick<RuleField, 'title'>;
  readonly choices: readonly string[];
  readonly wordOf?: RuleFieldProps['wordOf'];
  readonly value: unknown;
  readonly fault: string | undefined;
  readonly onChange: (value: readonly string[]) => void;
}) {
  const { field, choices, wordOf = ruleTexts.value, fault, onChange } = props;
  const ticked = new Set(Array.isArray(props.value) ? (props.value as string[]) : []);
  return (
    <fieldset class="ticks">
      <legend>{field.title}</legend>
      {choices.map((choice) => (
        <label class="check" key={choice}>
          <input
            type="checkbox"
            checked={ticked.has(choice)}
            onChange={({ currentTarget }) =>
              onChange(choices.filter((one) => (one === choice ? currentTarget.checked : ticked.has(one))))
            }
          />
          {wordOf(choice)}
        </label>
      ))}
      {fault !== undefined && <span class="fault">{fault}</span>}
    </fieldset>
  );
}
