import { useState } from 'preact/hooks';
import type { CatalogueModelView, ModelPullView } from '../../../src/server/protocol.js';
import { may } from '../access/may.js';
import { request } from '../request.js';
import { useAttempt } from '../ui/use-attempt.js';
import { AcceptLicence } from './accept-licence.js';
import { modelTexts as texts } from './model-texts.js';

/** Whether a model is on the server's machine; if not, the way to get it there, and how far that is. */
export function Presence(props: { readonly model: CatalogueModelView; readonly onChanged: () => void }) {
  const { model, onChanged } = props;
  const { name, licence, isPermissive, presence, pull } = model;
  const [isAsking, setAsking] = useState(false);
  const { isBusy, fault, attempt } = useAttempt();
  const address = `/api/v1/models/catalogue/${encodeURIComponent(name)}/pull`;
  const begin = (body: { readonly acceptLicence?: string }) =>
    request(address, { method: 'POST', body }).then(onChanged);
  const cancel = () => attempt(() => request(address, { method: 'DELETE' }).then(onChanged));
  const isRunning = pull?.state === 'running';
  const isOffered = may('models') && (presence === 'no' || presence === 'damaged') && !isRunning;
  const hasFailed = pull?.state === 'failed' && presence !== 'yes';
  return (
    <div class="presence">
      {isRunning ? <Progress name={name} pull={pull} /> : texts.presenceWord(presence)}
      {isOffered && (
        <button
          type="button"
          key="pull"
          class="secondary"
          aria-label={hasFailed ? texts.pullAgainOf(name) : texts.pullOf(name)}
          disabled={isBusy}
          onClick={() => (isPermissive ? void attempt(() => begin({})) : setAsking(true))}
        >
          {hasFailed ? texts.pullAgain : texts.pull}
        </button>
      )}
      {isRunning && may('models') && (
        <button
          type="button"
          key="cancel"
          class="plain"
          aria-label={texts.cancelOf(name)}
          disabled={isBusy}
          onClick={() => void cancel()}
        >
          {texts.cancel}
        </button>
      )}
      <p class="fault" role="alert">
        {fault ?? (hasFailed ? [texts.pullFailed, pull.reason].filter(Boolean).join(' ') : '')}
      </p>
      {isAsking && (
        <AcceptLicence
          model={model}
          onAccepted={() => begin({ acceptLicence: licence })}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

/** How much of a model has come; without an end where its size is not known. */
function Progress({ name, pull }: { readonly name: string; readonly pull: ModelPullView }) {
  const { bytes, totalBytes } = pull;
  return (
    <>
      <progress
        aria-label={texts.pulling(name)}
        {...(totalBytes !== undefined && { value: bytes, max: totalBytes })}
      />
      <span class="quiet numbers">{texts.pulled(bytes, totalBytes)}</span>
    </>
  );
}
