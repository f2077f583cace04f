import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { texts } from '../texts.js';
import { isSettingUp, loadSession, send, session } from './session.js';

/** Signing in, or making the first administrator: one calm form, and nothing else. */
export function SignInPage({ isSetup }: { isSetup: boolean }) {
  const fault = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), [isSetup]);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy.value || form.current === null) return;
    const given = Object.fromEntries(new FormData(form.current)) as Record<string, string>;
    const { again, ...body } = given;
    if (isSetup && again !== given['password']) {
      fault.value = texts.passwordsDiffer;
      return;
    }
    isBusy.value = true;
    fault.value = undefined;
    try {
      fault.value = await send(isSetup ? '/api/v1/setup' : '/api/v1/login', body);
      if (fault.value === undefined) {
        await loadSession();
        isSettingUp.value = false;
      }
    } catch {
      fault.value = texts.serverAway;
    } finally {
      isBusy.value = false;
    }
  };

  return (
    <main class="sign-in">
      <form ref={form} class="sign-in-form" onSubmit={(event) => void submit(event)} aria-busy={isBusy.value}>
        <span class="mark">{texts.name}</span>
        <h1>{isSetup ? texts.setupTitle : texts.signInTitle}</h1>
        {isSetup && <p class="quiet">{texts.setupHint}</p>}
        {isSetup && <Field name="code" label={texts.setupCode} autocomplete="one-time-code" />}
        <Field name="name" label={texts.userName} autocomplete="username" />
        <Field
          name="password"
          label={texts.password}
          isSecret
          autocomplete={isSetup ? 'new-password' : 'current-password'}
        />
        {isSetup && <p class="quiet">{texts.passwordHint}</p>}
        {isSetup && <Field name="again" label={texts.passwordAgain} isSecret autocomplete="new-password" />}
        <p class="fault" role="alert">
          {fault.value}
        </p>
        <button class="primary" type="submit" disabled={isBusy.value}>
          {isSetup ? texts.setUp : texts.signIn}
        </button>
        {session.value?.isVisitor === true && (
          <button class="plain" type="button" onClick={() => (isSettingUp.value = false)}>
            {texts.later}
          </button>
        )}
      </form>
    </main>
  );
}

function Field({ label, isSecret = false, ...rest }: FieldOptions) {
  const shared = { ...rest, spellcheck: false, maxLength: 200, required: true };
  return (
    <label class="field">
      {label}
      {isSecret ? (
        <input type="password" {...shared} />
      ) : (
        <input type="text" autocapitalize="none" {...shared} />
      )}
    </label>
  );
}

interface FieldOptions {
  readonly name: string;
  readonly label: string;
  readonly autocomplete: string;
  readonly isSecret?: boolean;
}
