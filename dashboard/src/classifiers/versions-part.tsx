import { useEffect, useState } from 'preact/hooks';
import type { VersionList, VersionView } from '../../../src/server/protocol.js';
import { may } from '../access/may.js';
import { request } from '../request.js';
import { StateLine } from '../ui/state-line.js';
import { useAsked } from '../ui/use-asked.js';
import { useAttempt } from '../ui/use-attempt.js';
import type { PartOf } from './classifier-part.js';
import { classifierTexts as texts } from './classifier-texts.js';
import { Confusion } from './confusion.js';

/** As the server asks for, of each class. */
const EXAMPLES_MIN = 5;

/** Training, and the versions that came of it: what each is worth, and which is in force. */
export function VersionsPart({ classifier, address, onChanged }: PartOf) {
  const asked = useAsked<VersionList>(`${address}/versions`);
  // Each its own: while one version is trained, another may be put in force.
  const training = useAttempt();
  const activating = useAttempt();
  const versions = asked.answer?.versions ?? [];
  const mayChange = may('models');
  const refresh = () => {
    asked.again();
    onChanged();
  };
  const train = () => training.attempt(() => request(`${address}/train`, { method: 'POST' })).then(refresh);
  const activate = (version: number | null) =>
    activating
      .attempt(() => request(`${address}/active`, { method: 'PUT', body: { version } }))
      .then(refresh);
  return (
    <>
      <section class="panel" aria-label={texts.train}>
        <div class="panel-body train">
          <p class="quiet">{texts.trainAbout(EXAMPLES_MIN)}</p>
          <ul class="row" aria-label={texts.examples}>
            {classifier.classes.map((one) => (
              <li key={one} class="chip">
                {one}: {classifier.examples[one] ?? 0}
              </li>
            ))}
          </ul>
          {mayChange && (
            <Train
              isFirst={versions.length === 0}
              isTraining={training.isBusy}
              onTrain={() => void train()}
            />
          )}
          <p class="fault" role="alert">
            {training.fault ?? activating.fault}
          </p>
        </div>
      </section>
      <StateLine asked={asked} isEmpty={versions.length === 0} empty={texts.noVersions} />
      {versions.map((one) => (
        <Version
          key={one.version}
          {...{ version: one, address, mayChange, classes: classifier.classes }}
          isActive={one.version === classifier.active}
          onActivate={activate}
        />
      ))}
    </>
  );
}

/** The button, and how long it has been at work: the server tells no more of it before it is done. */
function Train(props: {
  readonly isFirst: boolean;
  readonly isTraining: boolean;
  readonly onTrain: () => void;
}) {
  const { isFirst, isTraining, onTrain } = props;
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!isTraining) return undefined;
    const timer = setInterval(() => setSeconds((count) => count + 1), 1000);
    return () => {
      clearInterval(timer);
      setSeconds(0);
    };
  }, [isTraining]);
  return (
    <div class="row">
      <button type="button" class="primary" disabled={isTraining} onClick={onTrain}>
        {isFirst ? texts.train : texts.trainAgain}
      </button>
      {isTraining && <progress aria-label={texts.train} />}
      <span role="status" class="quiet numbers">
        {isTraining ? texts.training(seconds) : ''}
      </span>
    </div>
  );
}

function Version(props: {
  readonly version: VersionView;
  readonly address: string;
  readonly classes: readonly string[];
  readonly isActive: boolean;
  readonly mayChange: boolean;
  readonly onActivate: (version: number | null) => Promise<void>;
}) {
  const { address, classes, isActive, mayChange, onActivate } = props;
  const { version, trainedAt, report } = props.version;
  return (
    <section class="panel" aria-label={texts.version(version)}>
      <div class="panel-head">
        <h2>
          {texts.version(version)} <span class="quiet">{texts.trained(trainedAt)}</span>{' '}
          {isActive && <span class="chip">{texts.active}</span>}
        </h2>
        {mayChange && (
          <div class="row">
            {isActive ? (
              <button type="button" class="plain" onClick={() => void onActivate(null)}>
                {texts.stop}
              </button>
            ) : (
              <button
                type="button"
                class="secondary"
                aria-label={texts.activateOf(version)}
                onClick={() => void onActivate(version)}
              >
                {texts.activate}
              </button>
            )}
            <a
              href={`${address}/versions/${version}/model.onnx`}
              download
              aria-label={texts.exportOf(version)}
            >
              {texts.export}
            </a>
          </div>
        )}
      </div>
      <div class="panel-body">
        {report.validation === undefined ? (
          <p>{texts.notValidated}</p>
        ) : (
          <Confusion classes={classes} validation={report.validation} />
        )}
      </div>
    </section>
  );
}
