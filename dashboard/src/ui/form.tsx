import type { ComponentChildren } from 'preact';
import { useAttempt } from './use-attempt.js';

/** A form that says at itself what the server has against it. `onSend` resolves when it is done; what it rejects with is told. */
export function Form(props: {
  readonly children: ComponentChildren;
  /** On the button that sends it. */
  readonly send: string;
  readonly onSend: (given: FormData, form: HTMLFormElement) => Promise<void>;
  /** Beside the button. */
  readonly beside?: ComponentChildren;
  readonly isDangerous?: boolean;
}) {
  const { isBusy, fault, attempt } = useAttempt();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void attempt(() => props.onSend(new FormData(form), form));
  };
  return (
    <form class="form" onSubmit={submit} aria-busy={isBusy}>
      {props.children}
      <p class="fault" role="alert">
        {fault}
      </p>
      <div class="row">
        <button type="submit" class={props.isDangerous ? 'secondary danger' : 'primary'} disabled={isBusy}>
          {props.send}
        </button>
        {props.beside}
      </div>
    </form>
  );
}

/** What a form was given under a name, without blanks around it. */
export function textOf(given: FormData, name: string): string {
  return secretOf(given, name).trim();
}

/** The same as it is: blanks belong to a password. */
export function secretOf(given: FormData, name: string): string {
  const value = given.get(name);
  return typeof value === 'string' ? value : '';
}
