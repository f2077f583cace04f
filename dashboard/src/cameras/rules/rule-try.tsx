import { useRef, useState } from 'preact/hooks';
import type { EventFacts, EventPage, RulesTrial } from '../../../../src/server/protocol.js';
import { may } from '../../access/may.js';
import { requestJson } from '../../request.js';
import type { WrittenRule } from '../figures/figure-patch.js';
import { canBeTried, summaryOf, type TrialSummary } from './rule-trial.js';
import { ruleTexts } from './rule-texts.js';

const DAY_MS = 86_400_000;
/** Of each kind so many are listed. */
const LISTED_MAX = 8;
const KINDS = ['come', 'changed', 'same', 'gone'] as const;

/** What came of a trial. */
interface Result {
  /** The rules that were tried, as they were sent. */
  readonly tried: string;
  readonly trial: RulesTrial;
  readonly summary: TrialSummary;
}

/** What a rule would have told of the last day, before it is saved. */
export function RuleTry(props: {
  readonly camera: string;
  /** All rules of the camera, this one among them. */
  readonly rules: readonly WrittenRule[];
  readonly rule: WrittenRule;
  /** The name that it is saved with. */
  readonly was: string | undefined;
  readonly onAsked: () => void;
  readonly onRefused: (error: unknown) => void;
}) {
  const { camera, rules, rule, was, onAsked, onRefused } = props;
  const [result, setResult] = useState<Result>();
  const [isAsking, setAsking] = useState(false);
  /** What is in the form now: an outcome is about what was tried. */
  const asWritten = JSON.stringify(rules);
  const now = useRef(asWritten);
  now.current = asWritten;
  if (!may('control')) return null;
  if (!canBeTried(rule['type'])) return <p class="quiet">{ruleTexts.notTried}</p>;

  const ask = async () => {
    setAsking(true);
    setResult(undefined);
    onAsked();
    const nowMs = Date.now();
    const [from, to] = [new Date(nowMs - DAY_MS).toISOString(), new Date(nowMs).toISOString()];
    const name = String(rule['name']);
    try {
      const trial = await requestJson<RulesTrial>('/api/v1/rules/try', {
        method: 'POST',
        body: { camera, from, to, rules },
      });
      const told = was === undefined ? [] : await toldBy(was, camera, from, to);
      setResult({ tried: asWritten, trial, summary: summaryOf(trial, name, told) });
    } catch (error) {
      if (now.current === asWritten) onRefused(error);
    } finally {
      setAsking(false);
    }
  };
  return (
    <section class="rule-try" aria-label={ruleTexts.try}>
      <p class="row">
        <button type="button" class="secondary" disabled={isAsking} onClick={() => void ask()}>
          {isAsking ? ruleTexts.trying : ruleTexts.try}
        </button>
        <span class="quiet">{ruleTexts.tryHint}</span>
      </p>
      <div role="status">{result?.tried === asWritten && <Outcome {...result} />}</div>
    </section>
  );
}

function Outcome({ trial, summary }: Result) {
  if (trial.tracks === 0) return <p>{ruleTexts.nothingSeen}</p>;
  return (
    <>
      <p>{ruleTexts.tried(trial.tracks, trial.isCut)}</p>
      <ul class="trial-counts">
        {KINDS.map((kind) => (
          <li key={kind} class="chip" data-kind={kind}>
            {ruleTexts.countOf(summary[kind].length, ruleTexts.counts[kind])}
          </li>
        ))}
      </ul>
      <div class="trial-lists">
        {KINDS.map((kind) => (
          <Listed key={kind} title={ruleTexts.counts[kind]} events={summary[kind]} />
        ))}
      </div>
    </>
  );
}

function Listed({ title, events }: { readonly title: string; readonly events: readonly EventFacts[] }) {
  if (events.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {events
          .slice(-LISTED_MAX)
          .reverse()
          .map((event) => (
            <li key={event.id} class="numbers">
              {ruleTexts.happened(event)}
            </li>
          ))}
        {events.length > LISTED_MAX && <li class="quiet">{ruleTexts.more(events.length - LISTED_MAX)}</li>}
      </ul>
    </div>
  );
}

/** All that a rule has told of a camera in a time, page by page. */
async function toldBy(
  rule: string,
  camera: string,
  from: string,
  to: string,
): Promise<readonly EventFacts[]> {
  const query = new URLSearchParams({ camera, rule, from, to, limit: '500' });
  const told: EventFacts[] = [];
  for (;;) {
    const page = await requestJson<EventPage>(`/api/v1/events?${query.toString()}`);
    told.push(...page.events.map(({ event }) => event));
    if (page.next === undefined) return told;
    query.set('cursor', page.next);
  }
}
