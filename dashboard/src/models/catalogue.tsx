import type { CatalogueModelView } from '../../../src/server/protocol.js';
import { place } from '../place.js';
import { ChoiceFilter } from '../ui/filters.js';
import { Panel } from '../ui/panel.js';
import { Table } from '../ui/table.js';
import { modelTexts as texts } from './model-texts.js';
import { Presence } from './presence.js';

/** The models that Sightline knows, of which those that are not here can be pulled. */
export function Catalogue(props: {
  readonly catalogue: readonly CatalogueModelView[];
  /** A pull was begun, or ended. */
  readonly onChanged: () => void;
}) {
  const { catalogue, onChanged } = props;
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
        {texts.catalogueAbout} <code>{texts.pullCommand}</code>
      </p>
      <Table
        label={texts.catalogue}
        columns={[texts.model, texts.task, texts.licence, texts.ap, texts.size, texts.presence]}
      >
        {shown.map((one) => (
          <Row key={one.name} model={one} onChanged={onChanged} />
        ))}
      </Table>
    </Panel>
  );
}

function Row(props: { readonly model: CatalogueModelView; readonly onChanged: () => void }) {
  const { name, task, licence, isPermissive, cocoAp, cocoApSource, megabytes, note } = props.model;
  return (
    <tr>
      <th scope="row" class="model-name">
        {name}
        {note !== undefined && <span class="hint">{note}</span>}
      </th>
      <td class="whole">{texts.taskWord(task)}</td>
      <td>
        <span class="whole">{licence}</span>
        {!isPermissive && <span class="hint">{texts.askMore}</span>}
      </td>
      <td class="numbers whole" title={cocoApSource && texts.apNote(cocoApSource)}>
        {cocoAp === undefined ? texts.unknown : cocoAp.toFixed(3)}
      </td>
      <td class="numbers whole">{megabytes === undefined ? texts.unknown : texts.megabytes(megabytes)}</td>
      <td>
        <Presence {...props} />
      </td>
    </tr>
  );
}
