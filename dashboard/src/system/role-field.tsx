import { Field } from '../ui/field.js';
import { systemTexts as texts } from './system-texts.js';

/** From the least to the most powerful. */
const ROLES = ['viewer', 'operator', 'admin'] as const;

/** What somebody, or a program, may do; `most`: the highest role that can be chosen. */
export function RoleField(props: {
  readonly role: string;
  readonly onRole: (role: string) => void;
  readonly most?: string;
}) {
  const { role, onRole, most = 'admin' } = props;
  const offered = ROLES.slice(0, ROLES.findIndex((one) => one === most) + 1);
  return (
    <Field
      as="select"
      label={texts.role}
      hint={texts.roleHint}
      name="role"
      value={role}
      onChange={(event) => onRole(event.currentTarget.value)}
    >
      {offered.map((one) => (
        <option key={one} value={one}>
          {texts.roleWord(one)}
        </option>
      ))}
    </Field>
  );
}
