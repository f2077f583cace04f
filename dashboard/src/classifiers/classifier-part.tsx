import { useState } from 'preact/hooks';
import type { ClassifierView } from '../../../src/server/protocol.js';
import { may } from '../access/may.js';
import { go, hrefOf, narrow, place } from '../place.js';
import { request } from '../request.js';
import { Confirm } from '../ui/confirm.js';
import { StateLine } from '../ui/state-line.js';
import { useAsked } from '../ui/use-asked.js';
import { classifierTexts as texts } from './classifier-texts.js';
import { LabelPart } from './label-part.js';
import { VersionsPart } from './versions-part.js';

/** One classifier: pictures to label, and its versions (`?part=versions`). */
export function ClassifierPart({ name }: { readonly name: string }) {
  const address = `/api/v1/classifiers/${encodeURIComponent(name)}`;
  const asked = useAsked<ClassifierView>(address);
  const [isRemoving, setRemoving] = useState(false);
  const isVersions = place.value.filters.get('part') === 'versions';
  const classifier = asked.answer;
  const part = (title: string, value: string | undefined, isHere: boolean) => (
    <button type="button" class="secondary" aria-pressed={isHere} onClick={() => narrow({ part: value })}>
      {title}
    </button>
  );
  return (
    <>
      <div class="page-head">
        <h1>{name}</h1>
        <div class="row" role="group" aria-label={texts.parts}>
          {part(texts.label, undefined, !isVersions)}
          {part(texts.versions, 'versions', isVersions)}
          {may('models') && (
            <button type="button" class="plain danger" onClick={() => setRemoving(true)}>
              {texts.remove}
            </button>
          )}
          <a href={hrefOf('classifiers')}>{texts.all}</a>
        </div>
      </div>
      <StateLine asked={asked} isEmpty={false} empty="" />
      {classifier !== undefined &&
        (isVersions ? (
          <VersionsPart classifier={classifier} address={address} onChanged={asked.again} />
        ) : (
          <LabelPart classifier={classifier} address={address} onChanged={asked.again} />
        ))}
      {isRemoving && (
        <Confirm
          title={texts.removeOf(name)}
          about={texts.removeAbout}
          sure={texts.remove}
          onClose={() => setRemoving(false)}
          onSure={() => request(address, { method: 'DELETE' }).then(() => go('classifiers'))}
        />
      )}
    </>
  );
}

/** What the parts of a classifier's page are given. */
export interface PartOf {
  readonly classifier: ClassifierView;
  /** Of the classifier, in the API. */
  readonly address: string;
  /** Asks again what the classifier is. */
  readonly onChanged: () => void;
}
