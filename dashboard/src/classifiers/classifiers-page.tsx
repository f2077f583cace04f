import { useState } from 'preact/hooks';
import type { ClassifierList, ClassifierView } from '../../../src/server/protocol.js';
import { may } from '../access/may.js';
import { go, hrefOf, place } from '../place.js';
import { request } from '../request.js';
import { Dialog } from '../ui/dialog.js';
import { AS_TYPED, Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { StateLine } from '../ui/state-line.js';
import { Table } from '../ui/table.js';
import { useAsked } from '../ui/use-asked.js';
import { ClassifierPart } from './classifier-part.js';
import { classifierTexts as texts } from './classifier-texts.js';
import './classifiers.css';

const ADDRESS = '/api/v1/classifiers';

/** All classifiers, or one (`#/classifiers/NAME`). */
export function ClassifiersPage() {
  const { id } = place.value;
  return id === undefined ? <List /> : <ClassifierPart key={id} name={id} />;
}

function List() {
  const asked = useAsked<ClassifierList>(ADDRESS);
  const [isMaking, setMaking] = useState(false);
  const classifiers = asked.answer?.classifiers ?? [];
  return (
    <>
      <div class="page-head">
        <h1>{texts.title}</h1>
        {may('models') && (
          <button type="button" class="secondary" onClick={() => setMaking(true)}>
            {texts.make}
          </button>
        )}
      </div>
      <section class="panel" aria-label={texts.title}>
        <p class="panel-body quiet">{texts.about}</p>
        <StateLine asked={asked} isEmpty={classifiers.length === 0} empty={texts.none} />
        {classifiers.length > 0 && <Classifiers classifiers={classifiers} />}
      </section>
      {isMaking && (
        <Dialog title={texts.make} onClose={() => setMaking(false)}>
          <Make />
        </Dialog>
      )}
    </>
  );
}

function Classifiers({ classifiers }: { readonly classifiers: readonly ClassifierView[] }) {
  return (
    <Table label={texts.title} columns={[texts.name, texts.classes, texts.examples, texts.active]}>
      {classifiers.map(({ name, classes, examples, active }) => (
        <tr key={name}>
          <td>
            <a href={hrefOf('classifiers', name)}>{name}</a>
          </td>
          <td>{classes.join(', ')}</td>
          <td class="numbers">{classes.map((one) => examples[one] ?? 0).join(' + ')}</td>
          <td>{active === undefined ? texts.noVersion : texts.version(active)}</td>
        </tr>
      ))}
    </Table>
  );
}

const wordsOf = (text: string, separator: RegExp) =>
  text
    .split(separator)
    .map((word) => word.trim())
    .filter((word) => word !== '');

function Make() {
  const send = async (given: FormData) => {
    const name = textOf(given, 'name');
    const labels = wordsOf(textOf(given, 'labels'), /,/);
    const body = {
      name,
      classes: wordsOf(textOf(given, 'classes'), /\n/),
      unsureBelow: Number(given.get('unsure')) / 100,
      ...(labels.length > 0 && { labels }),
    };
    await request(ADDRESS, { method: 'POST', body });
    go('classifiers', name);
  };
  return (
    <Form send={texts.make} onSend={send}>
      <Field label={texts.name} hint={texts.nameHint} name="name" required maxLength={63} {...AS_TYPED} />
      <Field as="textarea" label={texts.classes} hint={texts.classesHint} name="classes" rows={4} required />
      <Field label={texts.labels} hint={texts.labelsHint} name="labels" maxLength={1000} autocomplete="off" />
      <Field
        label={texts.unsureBelow}
        hint={texts.unsureHint}
        name="unsure"
        type="number"
        min={0}
        max={100}
        step={1}
        defaultValue="70"
        required
      />
    </Form>
  );
}
