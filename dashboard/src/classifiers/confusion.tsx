import { useId } from 'preact/hooks';
import type { VersionView } from '../../../src/server/protocol.js';
import { classifierTexts as texts } from './classifier-texts.js';

type Validation = NonNullable<VersionView['report']['validation']>;

/** What a version is worth: its shares, and a table of what was taken for what, darker where there is more of its row. */
export function Confusion({
  classes,
  validation,
}: {
  readonly classes: readonly string[];
  readonly validation: Validation;
}) {
  const { accuracy, answered, accuracyOfAnswered, by, folds, confusion } = validation;
  const described = useId();
  const columns = [...classes, texts.unsure];
  return (
    <div class="worth">
      <dl class="worth-figures numbers">
        <Figure name={texts.accuracy} share={accuracy} />
        <Figure name={texts.answered} share={answered} />
        <Figure name={texts.right} share={accuracyOfAnswered} />
      </dl>
      <div class="table-scroll" tabIndex={0} role="group" aria-label={texts.confusion}>
        <table class="confusion numbers" aria-describedby={described}>
          <thead>
            <tr>
              <th scope="col">
                {texts.is} ↓ {texts.takenFor} →
              </th>
              {columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classes.map((name, row) => {
              const counts = confusion[row] ?? [];
              const total = counts.reduce((sum, count) => sum + count, 0);
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {columns.map((column, at) => (
                    <Cell key={column} count={counts[at] ?? 0} total={total} isRight={at === row} />
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="hint" id={described}>
        {texts.confusion}. {texts.by(by, folds)}
      </p>
    </div>
  );
}

function Figure({ name, share }: { readonly name: string; readonly share: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{texts.percent(share)}</dd>
    </div>
  );
}

function Cell({
  count,
  total,
  isRight,
}: {
  readonly count: number;
  readonly total: number;
  readonly isRight: boolean;
}) {
  const share = total === 0 ? 0 : count / total;
  return (
    <td data-right={isRight} style={{ '--share': `${Math.round(share * 100)}%` }}>
      {count}
    </td>
  );
}
