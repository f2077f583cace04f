import { useEffect, useState } from 'preact/hooks';
import type { ModelList, ModelView } from '../../../src/server/protocol.js';
import { Panel } from '../ui/panel.js';
import { StateLine } from '../ui/state-line.js';
import { Table } from '../ui/table.js';
import { useAsked } from '../ui/use-asked.js';
import { Catalogue } from './catalogue.js';
import { modelTexts as texts } from './model-texts.js';
import './models.css';

/** The catalogue says what is on the disk: that is looked at anew less often than speed. */
const PERIOD_MS = 10_000;
/** While a model is pulled, whose bar moves. */
const PULLING_PERIOD_MS = 500;

const TONES: Readonly<Record<ModelView['state'], string>> = {
  ready: 'good',
  loading: 'busy',
  old: 'busy',
  failed: 'bad',
};

/** What looks at pictures, where and how fast, and what else could. */
export function ModelsPage() {
  const [isPulling, setPulling] = useState(false);
  const asked = useAsked<ModelList>('/api/v1/models', isPulling ? PULLING_PERIOD_MS : PERIOD_MS);
  const { models = [], catalogue = [] } = asked.answer ?? {};
  const isOneRunning = catalogue.some(({ pull }) => pull?.state === 'running');
  useEffect(() => setPulling(isOneRunning), [isOneRunning]);
  return (
    <>
      <div class="page-head">
        <h1>{texts.title}</h1>
      </div>
      <Panel title={texts.inUse}>
        <StateLine asked={asked} isEmpty={models.length === 0} empty={texts.none} />
        {models.length > 0 && <InUse models={models} />}
      </Panel>
      {catalogue.length > 0 && <Catalogue catalogue={catalogue} onChanged={asked.again} />}
    </>
  );
}

function InUse({ models }: { readonly models: readonly ModelView[] }) {
  return (
    <Table
      label={texts.inUse}
      columns={[texts.model, texts.state, texts.runsOn, texts.speed, texts.input, texts.cameras]}
    >
      {models.map((model) => (
        <tr key={model.id}>
          <th scope="row" class="model-name">
            {model.id}
            <span class="hint">
              {[model.catalogue ?? model.model?.split('@')[0], model.family, model.licence]
                .filter((part) => part !== undefined)
                .join(' · ')}
            </span>
          </th>
          <td>
            <span class="state" data-tone={TONES[model.state]}>
              {texts.stateWord(model.state)}
            </span>
            {model.reason !== undefined && <span class="hint">{model.reason}</span>}
          </td>
          <td class="model-facts">
            {[model.provider, model.precision].filter((part) => part !== undefined).join(', ') ||
              texts.unknown}
            {model.fallbacks?.map(({ provider, reason }) => (
              <span class="hint" key={provider}>
                {texts.fallback(provider, reason)}
              </span>
            ))}
          </td>
          <td class="numbers model-facts">
            {model.speed === undefined ? (
              texts.noSpeed
            ) : (
              <>
                {texts.speedOf(model.speed.p50Ms, model.speed.p95Ms)}
                <span class="hint">{texts.speedOver(model.speed.window)}</span>
              </>
            )}
          </td>
          <td class="model-facts">
            {model.input === undefined ? texts.unknown : texts.inputOf(model.input)}
          </td>
          <td class="model-cameras">{model.cameras.join(', ') || texts.unknown}</td>
        </tr>
      ))}
    </Table>
  );
}
