import { texts } from '../texts.js';
import type { Asked } from './use-asked.js';

/** A word where a list would be: that it loads, why it did not, that there is nothing. Nothing at all where there is something. */
export function StateLine(props: {
  readonly asked: Asked<unknown>;
  readonly isEmpty: boolean;
  readonly empty: string;
}) {
  const { answer, fault, isAsking, again } = props.asked;
  if (fault !== undefined)
    return (
      <p class="empty" role="alert">
        <span class="fault">{fault}</span>{' '}
        <button type="button" class="plain" onClick={again}>
          {texts.tryAgain}
        </button>
      </p>
    );
  if (answer === undefined) return isAsking ? <p class="empty">{texts.loading}</p> : null;
  return props.isEmpty ? <p class="empty">{props.empty}</p> : null;
}
