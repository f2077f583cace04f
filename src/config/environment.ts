import { registerSecret } from '../base/index.js';

const PLACEHOLDER = /\$(\$\{|\{([^}]*)\})/g;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What stands before a placeholder that is part of `user:password@` in a URL, and what stands after it. */
const BEFORE_CREDENTIAL = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*$/i;
const AFTER_CREDENTIAL = /^[^/?#]*@/;

/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The outcome of {@link fillIn}: the text, or what is wrong with a placeholder (never its value). */
export type FilledIn = { readonly text: string } | { readonly problem: string };

/**
 * Replaces each `${NAME}` by the environment variable; `$${` stands for a plain `${`. Within the
 * `user:password@` of a URL the value is percent-encoded, so that a password may hold any character.
 * Every value put in is registered as a secret and will be masked in logs and errors.
 */
export function fillIn(text: string, env: Environment): FilledIn {
  let problem: string | undefined;
  const filled = text.replace(PLACEHOLDER, (whole, _, name: string | undefined, offset: number) => {
    if (name === undefined) return '${';
    if (!VARIABLE_NAME.test(name)) {
      problem ??= `\${${name}} does not name an environment variable: write \${NAME}, or $\${ for a plain \${`;
      return '';
    }
    const value = env[name];
    if (value === undefined || value === '') {
      problem ??= `the environment variable ${name} is not set: set it before starting the server`;
      return '';
    }
    registerSecret(value);
    const isCredential =
      BEFORE_CREDENTIAL.test(text.slice(0, offset)) &&
      AFTER_CREDENTIAL.test(text.slice(offset + whole.length));
    return isCredential ? encodeURIComponent(value) : value;
  });
  return problem === undefined ? { text: filled } : { problem };
}
