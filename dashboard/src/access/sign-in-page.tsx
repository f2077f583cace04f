import { useEffect, useRef } from 'preact/hooks';
import { go } from '../place.js';
import { request } from '../request.js';
import { texts } from '../texts.js';
import { AS_TYPED, Field, PASSWORD } from '../ui/field.js';
import { useAttempt } from '../ui/use-attempt.js';
import { awayFault, goAway } from './away.js';
import { isSettingUp, loadSession, session } from './session.js';

/** Signing in, or making the first administrator: one calm form, and nothing else. */
export function SignInPage({ isSetup }: { isSetup: boolean }) {
  const { isBusy, fault, attempt } = useAttempt();
  const oidc = session.value?.oidc;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), [isSetup]);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement));
    void attempt(() => signIn(given));
  };
  const signIn = async ({ again, ...body }: Record<string, FormDataEntryValue>) => {
    awayFault.value = undefined;
    if (isSetup && again !== body['password']) throw new Error(texts.passwordsDiffer);
    const address = isSetup ? '/api/v1/setup' : '/api/v1/login';
    await request(address, { method: 'POST', body, isSigningIn: true });
    await loadSession();
    isSettingUp.value = false;
    // Whoever has just made the server theirs wants to see a camera of theirs.
    if (isSetup) go('start');
  };

  return (
    <main class="sign-in">
      <form ref={form} class="sign-in-form" onSubmit={submit} aria-busy={isBusy}>
        <span class="mark">{texts.name}</span>
        <h1>{isSetup ? texts.setupTitle : texts.signInTitle}</h1>
        {isSetup && <p class="quiet">{texts.setupHint}</p>}
        {isSetup && (
          <Field
            label={texts.setupCode}
            name="code"
            required
            maxLength={200}
            {...AS_TYPED}
            autocomplete="one-time-code"
          />
        )}
        <Field
          label={texts.userName}
          name="name"
          required
          maxLength={200}
          {...AS_TYPED}
          autocomplete="username"
        />
        <Field
          label={texts.password}
          hint={isSetup ? texts.passwordHint : undefined}
          name="password"
          required
          {...PASSWORD}
          autocomplete={isSetup ? 'new-password' : 'current-password'}
        />
        {isSetup && <Field label={texts.passwordAgain} name="again" required {...PASSWORD} />}
        <p class="fault" role="alert">
          {fault ?? awayFault.value}
        </p>
        <button class="primary" type="submit" disabled={isBusy}>
          {isSetup ? texts.setUp : texts.signIn}
        </button>
        {oidc !== undefined && (
          <button class="plain elsewhere" type="button" onClick={() => void goAway()}>
            {texts.signInWith(oidc.name)}
          </button>
        )}
        {session.value?.isVisitor === true && (
          <button class="plain" type="button" onClick={() => (isSettingUp.value = false)}>
            {texts.later}
          </button>
        )}
      </form>
    </main>
  );
}
