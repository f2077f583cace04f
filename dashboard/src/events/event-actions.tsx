import { useState } from 'preact/hooks';
import type { ClassifierList, EventView } from '../../../src/server/protocol.js';
import { may } from '../access/may.js';
import { request, requestJson, wordsOf } from '../request.js';
import { useAsked } from '../ui/use-asked.js';
import { eventTexts as texts } from './events-texts.js';

/** What one may do with an event: keep it, take its clip along, and say whether it was so. */
export function EventActions(props: {
  readonly view: EventView;
  readonly address: string;
  readonly onChange: (view: EventView) => void;
}) {
  const { view, address, onChange } = props;
  const [fault, setFault] = useState<string>();
  const put = (what: string, body: object) => {
    setFault(undefined);
    requestJson<EventView>(`${address}/${what}`, { method: 'PUT', body }).then(onChange, (error: unknown) =>
      setFault(wordsOf(error)),
    );
  };
  const hasClip = view.camera !== '*' && view.event.endedAt !== undefined;
  return (
    <section class="panel" aria-labelledby="event-actions">
      <header class="panel-head">
        <h2 id="event-actions">{texts.actions}</h2>
      </header>
      <div class="panel-body event-act">
        <div class="row">
          {may('control') && (
            <button
              type="button"
              class="secondary"
              aria-pressed={view.marked}
              title={texts.keepHint}
              onClick={() => put('mark', { marked: !view.marked })}
            >
              {view.marked ? texts.kept : texts.keep}
            </button>
          )}
          {may('export') && hasClip && (
            <>
              <a class="secondary" href={`${address}/clip.mp4`} download={`${view.event.id}.mp4`}>
                {texts.download}
              </a>
              <a
                href={`${address}/clip.mp4?exact=true`}
                download={`${view.event.id}-exact.mp4`}
                title={texts.downloadHint}
              >
                {texts.downloadExact}
              </a>
            </>
          )}
        </div>
        <Verdict view={view} onSay={(said) => put('verdict', said)} />
        {fault !== undefined && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
        {may('control') && view.review?.verdict === 'false alarm' && view.event.tracks.length > 0 && (
          <Teach view={view} />
        )}
      </div>
    </section>
  );
}

interface Said {
  readonly verdict: 'true' | 'false alarm' | null;
  readonly comment: string;
}

function Verdict({ view, onSay }: { readonly view: EventView; readonly onSay: (said: Said) => void }) {
  const { review } = view;
  const [typed, setTyped] = useState<string>();
  const verdict = review?.verdict ?? null;
  const comment = typed ?? review?.comment ?? '';
  const by = review && <p class="quiet">{texts.said(review.by, review.at)}</p>;
  if (!may('control'))
    return (
      <>
        {verdict !== null && <strong>{texts.verdictWord(verdict)}</strong>}
        {review?.comment !== undefined && <p class="event-comment">{review.comment}</p>}
        {by}
      </>
    );
  const judge = (given: 'true' | 'false alarm', word: string) => (
    <button
      type="button"
      class="secondary"
      aria-pressed={verdict === given}
      onClick={() => onSay({ verdict: verdict === given ? null : given, comment })}
    >
      {word}
    </button>
  );
  return (
    <form
      class="event-act"
      onSubmit={(event) => {
        event.preventDefault();
        onSay({ verdict, comment });
        setTyped(undefined);
      }}
    >
      <fieldset class="event-judge row">
        <legend>{texts.judge}</legend>
        {judge('true', texts.isTrue)}
        {judge('false alarm', texts.isFalse)}
      </fieldset>
      <label class="field">
        {texts.comment}
        <textarea
          maxLength={2000}
          value={comment}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      <div class="row">
        <button type="submit" class="secondary" disabled={comment.trim() === (review?.comment ?? '')}>
          {texts.saveComment}
        </button>
        {by}
      </div>
    </form>
  );
}

/** Gives the picture of a false alarm to one of the user's classifiers to learn from. */
function Teach({ view }: { readonly view: EventView }) {
  const { answer } = useAsked<ClassifierList>('/api/v1/classifiers');
  const [chosen, setChosen] = useState<string>();
  const [of, setOf] = useState<string>();
  const [word, setWord] = useState<{ readonly isFault: boolean; readonly text: string }>();
  const classifiers = answer?.classifiers ?? [];
  const classifier = classifiers.find(({ name }) => name === chosen) ?? classifiers[0];
  if (classifier === undefined) return null;
  const shows = of !== undefined && classifier.classes.includes(of) ? of : classifier.classes[0]!;
  const teach = async () => {
    const address = `/api/v1/classifiers/${encodeURIComponent(classifier.name)}/examples`;
    try {
      await request(address, { method: 'POST', body: { class: shows, event: view.event.id } });
      setWord({ isFault: false, text: texts.taught(classifier.name, shows) });
    } catch (error) {
      setWord({ isFault: true, text: wordsOf(error) });
    }
  };
  return (
    <fieldset class="event-judge event-act">
      <legend>{texts.teach}</legend>
      <p class="quiet">{texts.teachHint}</p>
      <div class="row">
        <label class="filter">
          {texts.classifier}
          <select value={classifier.name} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
            {classifiers.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label class="filter">
          {texts.teachAs}
          <select value={shows} onChange={({ currentTarget }) => setOf(currentTarget.value)}>
            {classifier.classes.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <button type="button" class="secondary" onClick={() => void teach()}>
          {texts.teachDo}
        </button>
      </div>
      {word !== undefined && (
        <p class={word.isFault ? 'fault' : 'quiet'} role={word.isFault ? 'alert' : 'status'}>
          {word.text}
        </p>
      )}
    </fieldset>
  );
}
