import type { EventFacts, RulesTrial } from '../../../../src/server/protocol.js';

/** What one rule would have told of a time, beside what was told then; each list oldest first. */
export interface TrialSummary {
  /** Events that were not told. */
  readonly come: readonly EventFacts[];
  /** Those that were told, at another time. */
  readonly changed: readonly EventFacts[];
  readonly same: readonly EventFacts[];
  /** Those that were told and would not have been. */
  readonly gone: readonly EventFacts[];
}

/**
 * Picks one rule out of a trial of all of a camera's rules.
 *
 * @param told events that the rule has told in that time, under the name that it is saved with
 */
export function summaryOf(trial: RulesTrial, rule: string, told: readonly EventFacts[]): TrialSummary {
  const ofRule = trial.events.filter((event) => event.rule.name === rule);
  const fresh = new Set(trial.new);
  const moved = new Set(trial.changed.map(({ id }) => id));
  const gone = new Set(trial.gone);
  return {
    come: ofRule.filter(({ id }) => fresh.has(id)),
    changed: ofRule.filter(({ id }) => moved.has(id)),
    same: ofRule.filter(({ id }) => !fresh.has(id) && !moved.has(id)),
    gone: told
      .filter(({ id }) => gone.has(id))
      .sort((one, other) => one.startedAt.localeCompare(other.startedAt)),
  };
}

/** Whether a type can be tried on tracks of before: of the light, and of whether the camera was there, nothing is kept. */
export function canBeTried(type: unknown): boolean {
  return type !== 'light' && type !== 'health' && type !== 'offline';
}
