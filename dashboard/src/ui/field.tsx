import type {
  ComponentProps,
  LooseInputHTMLAttributes,
  LooseSelectHTMLAttributes,
  TextareaHTMLAttributes,
} from 'preact';
import { useId } from 'preact/hooks';

/** Of what is a name or an address: browsers neither complete nor correct it. */
export const AS_TYPED = { autocapitalize: 'none', autocomplete: 'off', spellcheck: false } as const;

/** Of a password that is given anew. */
export const PASSWORD = { type: 'password', maxLength: 200, autocomplete: 'new-password' } as const;

type FieldProps = { readonly label: string; readonly hint?: string | undefined } & (
  | ({ readonly as?: 'input' } & LooseInputHTMLAttributes)
  | ({ readonly as: 'select' } & LooseSelectHTMLAttributes)
  | ({ readonly as: 'textarea' } & TextareaHTMLAttributes)
);

/** A field of a form below its label; a hint belongs to its description, not to its name. All else goes to the field itself. */
export function Field({ label, hint, as = 'input', ...rest }: FieldProps) {
  const id = useId();
  // The three differ in attributes alone, which the type of the props keeps apart.
  const Control = as as 'input';
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Control
        {...(rest as ComponentProps<'input'>)}
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      {hint !== undefined && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
