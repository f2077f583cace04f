import type { EventValue } from '../messages.js';
import { seen, type Condition } from './conditions.js';
import type { RuleOf } from './rule-runner.js';
import type { SceneTrack } from './scene-track.js';

/** A classifier says of the object that it is of one of the classes: it has been so since the object came, or came into the rule's zone. */
export function classified(rule: RuleOf<'classifier'>): Condition {
  const told = new WeakMap<SceneTrack, NonNullable<EventValue['class']>>();
  const visitOf = ({ visits }: SceneTrack) => (rule.zone === undefined ? undefined : visits.get(rule.zone));
  return {
    ...seen(rule, (track) => {
      const said = track.object.class?.[rule.classifier];
      if (said === undefined || said.confidence < rule.confidenceMin || !rule.classes.includes(said.value))
        return undefined;
      told.set(track, { classifier: rule.classifier, ...said });
      return visitOf(track)?.enteredMs ?? track.firstMs;
    }),
    endedMs(track) {
      const visit = visitOf(track);
      return visit?.isInside === false ? visit.leftMs : undefined;
    },
    measured(track) {
      const said = told.get(track);
      return said === undefined ? {} : { class: said };
    },
  };
}
