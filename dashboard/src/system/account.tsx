import { useState } from 'preact/hooks';
import type { OwnSessionView } from '../../../src/server/protocol.js';
import { request } from '../request.js';
import { Field, PASSWORD } from '../ui/field.js';
import { Form, secretOf } from '../ui/form.js';
import { Panel } from '../ui/panel.js';
import { StateLine } from '../ui/state-line.js';
import { useAsked } from '../ui/use-asked.js';
import { useAttempt } from '../ui/use-attempt.js';
import { texts as common } from '../texts.js';
import { systemTexts as texts } from './system-texts.js';

const SESSIONS = '/api/v1/me/sessions';

/** One's own password, and where one is signed in. */
export function Account() {
  const asked = useAsked<{ sessions: readonly OwnSessionView[] }>(SESSIONS);
  const { fault, attempt } = useAttempt();
  const sessions = asked.answer?.sessions ?? [];
  const end = async (id: string) => {
    await attempt(() => request(`${SESSIONS}/${id}`, { method: 'DELETE' }));
    asked.again();
  };
  return (
    <div class="panel-row">
      <Panel title={texts.passwordChange}>
        <div class="panel-body">
          <Password onChanged={asked.again} />
        </div>
      </Panel>
      <Panel title={texts.sessions}>
        <StateLine asked={asked} isEmpty={sessions.length === 0} empty={texts.noSessions} />
        <ul class="sessions">
          {sessions.map((one) => (
            <li key={one.id}>
              <div>
                <span class="agent">{one.agent || one.address}</span>
                {one.isCurrent && <span class="chip">{texts.here}</span>}
                <span class="hint">
                  {one.address} · {texts.lastSeen} {texts.day(one.seenAt)}
                </span>
              </div>
              {!one.isCurrent && (
                <button
                  type="button"
                  class="plain danger"
                  aria-label={texts.endOf(one.agent || one.address)}
                  onClick={() => void end(one.id)}
                >
                  {texts.end}
                </button>
              )}
            </li>
          ))}
        </ul>
        <p class="fault panel-words" role="alert">
          {fault}
        </p>
      </Panel>
    </div>
  );
}

function Password({ onChanged }: { readonly onChanged: () => void }) {
  const [isChanged, setChanged] = useState(false);
  const send = async (given: FormData, form: HTMLFormElement) => {
    setChanged(false);
    const next = secretOf(given, 'next');
    if (next !== secretOf(given, 'again')) throw new Error(texts.passwordsDiffer);
    await request('/api/v1/me/password', {
      method: 'PUT',
      body: { current: secretOf(given, 'current'), next },
    });
    form.reset();
    setChanged(true);
    onChanged();
  };
  return (
    <Form
      send={texts.passwordChange}
      onSend={send}
      beside={<span role="status">{isChanged ? texts.passwordChanged : ''}</span>}
    >
      <Field
        label={texts.passwordNow}
        name="current"
        required
        {...PASSWORD}
        autocomplete="current-password"
      />
      <Field label={texts.passwordNext} hint={common.passwordHint} name="next" required {...PASSWORD} />
      <Field label={texts.passwordAgain} name="again" required {...PASSWORD} />
    </Form>
  );
}
