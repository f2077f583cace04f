import type { CatalogueModelView, ModelList, ModelView } from '../../../src/server/protocol.js';
import { place } from '../place.js';
import { ChoiceFilter } from '../ui/filters.js';
import { Panel } from '../ui/panel.js';
import { StateLine } from '../ui/state-line.js';
import { Table } from '../ui/table.js';
import { useAsked } from '../ui/use-asked.js';
import { modelTexts as texts } from './model-texts.js';

/** The catalogue says what is on the disk: that is looked at anew less often than speed. */
const PERIOD_MS = 10_000;

const TONES: Readonly<Record<ModelView['state'], string>> = {
  ready: 'good',
  loading: 'busy',
  old: 'busy',
  failed: 'bad',
};

/** What looks at pictures, where and how fast, and what else could. */
export function ModelsPage() {
  const asked = useAsked<ModelList>('/api/v1/models', PERIOD_MS);
  const { models = [], catalogue = [] } = asked.answer ?? {};
  return (
    <>
      <div class="page-head">
        <h1>{texts.title}</h1>
      </div>
      <Panel title={texts.inUse}>
        <StateLine asked={asked} isEmpty={models.length === 0} empty={texts.none} />
        {models.length > 0 && <InUse models={models} />}
      </Panel>
      {catalogue.length > 0 && <Catalogue catalogue={catalogue} />}
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
          <th scope="row">
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
          <td>
            {[model.provider, model.precision].filter((part) => part !== undefined).join(', ') ||
              texts.unknown}
            {model.fallbacks?.map(({ provider, reason }) => (
              <span class="hint" key={provider}>
                {texts.fallback(provider, reason)}
              </span>
            ))}
          </td>
          <td class="numbers">
            {model.speed === undefined ? (
              texts.noSpeed
            ) : (
              <>
                {texts.speedOf(model.speed.p50Ms, model.speed.p95Ms)}
                <span class="hint">{texts.speedOver(model.speed.window)}</span>
              </>
            )}
          </td>
          <td>{model.input === undefined ? texts.unknown : texts.inputOf(model.input)}</td>
          <td>{model.cameras.join(', ') || texts.unknown}</td>
        </tr>
      ))}
    </Table>
  );
}

function Catalogue({ catalogue }: { readonly catalogue: readonly CatalogueModelView[] }) {
  const task = place.value.filters.get('task') ?? '';
  const tasks = [...new Set(catalogue.map((one) => one.task))];
  const shown = catalogue.filter((one) => task === '' || one.task === task);
  return (
    <Panel
      title={texts.catalogue}
      end={
        <ChoiceFilter
          name="task"
          label={texts.task}
          choices={tasks.map((one) => [one, texts.taskWord(one)])}
        />
      }
    >
      <p class="panel-words quiet">
        {texts.catalogueAbout} <code>{texts.pull}</code>
      </p>
      <Table
        label={texts.catalogue}
        columns={[texts.model, texts.task, texts.licence, texts.ap, texts.size, texts.presence]}
      >
        {shown.map((one) => (
          <Row key={one.name} {...one} />
        ))}
      </Table>
    </Panel>
  );
}

function Row({
  name,
  task,
  licence,
  isPermissive,
  cocoAp,
  cocoApSource,
  megabytes,
  presence,
  note,
}: CatalogueModelView) {
  return (
    <tr>
      <th scope="row">
        {name}
        {note !== undefined && <span class="hint">{note}</span>}
      </th>
      <td>{texts.taskWord(task)}</td>
      <td>
        {licence}
        {!isPermissive && <span class="hint">{texts.askMore}</span>}
      </td>
      <td class="numbers" title={cocoApSource && texts.apNote(cocoApSource)}>
        {cocoAp === undefined ? texts.unknown : cocoAp.toFixed(3)}
      </td>
      <td class="numbers whole">{megabytes === undefined ? texts.unknown : texts.megabytes(megabytes)}</td>
      <td>{texts.presenceWord(presence)}</td>
    </tr>
  );
}
