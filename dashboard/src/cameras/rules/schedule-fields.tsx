import { TickedChoices } from './rule-field.js';
import { ruleTexts } from './rule-texts.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

interface Schedule {
  readonly days?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly timeZone?: string;
}

/** When a rule is on; undefined: always. */
export function ScheduleFields(props: {
  readonly value: unknown;
  readonly faults: ReadonlyMap<string, string>;
  readonly onChange: (value: Schedule | undefined) => void;
}) {
  const { faults, onChange } = props;
  const schedule = props.value as Schedule | undefined;
  const set = (key: keyof Schedule, value: string | readonly string[]) => {
    const { [key]: _, ...rest } = schedule ?? {};
    onChange(value.length === 0 ? rest : { ...rest, [key]: value });
  };
  return (
    <div class="schedule">
      <label class="check">
        <input
          type="checkbox"
          checked={schedule !== undefined}
          onChange={({ currentTarget }) => onChange(currentTarget.checked ? fresh() : undefined)}
        />
        {ruleTexts.schedule}
      </label>
      {schedule !== undefined && (
        <>
          <TickedChoices
            field={{ title: ruleTexts.days }}
            choices={DAYS}
            value={schedule.days}
            fault={faults.get('schedule.days')}
            onChange={(days) => set('days', days)}
          />
          <div class="row">
            {(['from', 'to'] as const).map((key) => (
              <label class="field" key={key}>
                {ruleTexts[key]}
                <input
                  type="time"
                  value={schedule[key] ?? '00:00'}
                  onInput={(event) => set(key, event.currentTarget.value)}
                />
              </label>
            ))}
            <label class="field">
              {ruleTexts.timeZone}
              <input
                type="text"
                spellcheck={false}
                placeholder="UTC"
                value={schedule.timeZone ?? ''}
                onInput={(event) => set('timeZone', event.currentTarget.value)}
              />
            </label>
          </div>
          {['from', 'to', 'timeZone'].map((key) => {
            const fault = faults.get(`schedule.${key}`);
            return fault === undefined ? null : (
              <p class="fault" key={key}>
                {fault}
              </p>
            );
          })}
        </>
      )}
    </div>
  );
}

/** Nights, where who looks at the page is. */
function fresh(): Schedule {
  return { from: '22:00', to: '06:00', timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}
