import { useState } from 'preact/hooks';
import type { UserView } from '../../../src/server/protocol.js';
import { session } from '../access/session.js';
import { request } from '../request.js';
import { Confirm } from '../ui/confirm.js';
import { Dialog } from '../ui/dialog.js';
import { AS_TYPED, Field, PASSWORD } from '../ui/field.js';
import { Form, secretOf, textOf } from '../ui/form.js';
import { Panel } from '../ui/panel.js';
import { StateLine } from '../ui/state-line.js';
import { Table } from '../ui/table.js';
import { useAsked } from '../ui/use-asked.js';
import { texts as common } from '../texts.js';
import { CameraGrant, grantOf } from './camera-grant.js';
import { RoleField } from './role-field.js';
import { systemTexts as texts } from './system-texts.js';

const ADDRESS = '/api/v1/users';

type Open =
  | { readonly kind: 'add' }
  | { readonly kind: 'change'; readonly user: UserView }
  | { readonly kind: 'remove'; readonly user: UserView };

/** Who has an account. */
export function Users() {
  const asked = useAsked<{ users: readonly UserView[] }>(ADDRESS);
  const [open, setOpen] = useState<Open>();
  const users = asked.answer?.users ?? [];
  const close = () => setOpen(undefined);
  const done = () => {
    close();
    asked.again();
  };
  return (
    <Panel
      title={texts.users}
      end={
        <button type="button" class="secondary" onClick={() => setOpen({ kind: 'add' })}>
          {texts.userAdd}
        </button>
      }
    >
      <StateLine asked={asked} isEmpty={users.length === 0} empty={texts.noUsers} />
      {users.length > 0 && <UserTable users={users} onOpen={setOpen} />}
      {open?.kind === 'add' && <AddUser onClose={close} onDone={done} />}
      {open?.kind === 'change' && <ChangeUser user={open.user} onClose={close} onDone={done} />}
      {open?.kind === 'remove' && (
        <Confirm
          title={texts.removeOf(open.user.name)}
          about={texts.removeUser(open.user.name)}
          sure={texts.remove}
          onClose={close}
          onSure={() => request(`${ADDRESS}/${open.user.id}`, { method: 'DELETE' }).then(asked.again)}
        />
      )}
    </Panel>
  );
}

function UserTable({ users, onOpen }: { users: readonly UserView[]; onOpen: (open: Open) => void }) {
  const me = session.value?.me?.name;
  return (
    <Table label={texts.users} columns={[texts.userName, texts.role, texts.cameras, texts.since, '']}>
      {users.map((user) => (
        <tr key={user.id}>
          <th scope="row">
            {user.name} {user.name === me && <span class="chip">{texts.you}</span>}
            {user.issuer !== undefined && <span class="hint">{texts.signsInAt(user.issuer)}</span>}
          </th>
          <td>{texts.roleWord(user.role)}</td>
          <td>{texts.camerasOf(user.cameras)}</td>
          <td>{texts.day(user.createdAt)}</td>
          <td class="end">
            <button
              type="button"
              class="plain"
              aria-label={texts.changeOf(user.name)}
              onClick={() => onOpen({ kind: 'change', user })}
            >
              {texts.change}
            </button>
            <button
              type="button"
              class="plain danger"
              aria-label={texts.removeOf(user.name)}
              onClick={() => onOpen({ kind: 'remove', user })}
            >
              {texts.remove}
            </button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

interface Ends {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function AddUser({ onClose, onDone }: Ends) {
  const [role, setRole] = useState('viewer');
  const send = async (given: FormData) => {
    const [name, password] = [textOf(given, 'name'), secretOf(given, 'password')];
    await request(ADDRESS, { method: 'POST', body: { name, password, role, cameras: grantOf(given) } });
    onDone();
  };
  return (
    <Dialog title={texts.userAdd} onClose={onClose}>
      <Form send={texts.userAdd} onSend={send}>
        <Field
          label={texts.userName}
          hint={texts.userNameHint}
          name="name"
          required
          maxLength={63}
          {...AS_TYPED}
        />
        <Field label={common.password} hint={common.passwordHint} name="password" required {...PASSWORD} />
        <RoleField role={role} onRole={setRole} />
        <CameraGrant given="*" isAdmin={role === 'admin'} />
      </Form>
    </Dialog>
  );
}

function ChangeUser({ user, onClose, onDone }: Ends & { readonly user: UserView }) {
  const [role, setRole] = useState<string>(user.role);
  const isOfIssuer = user.issuer !== undefined;
  const send = async (given: FormData) => {
    const password = secretOf(given, 'password');
    const body = {
      ...(!isOfIssuer && role !== user.role && { role }),
      ...(role !== 'admin' && { cameras: grantOf(given) }),
      ...(password !== '' && { password }),
    };
    await request(`${ADDRESS}/${user.id}`, { method: 'PATCH', body });
    onDone();
  };
  return (
    <Dialog title={texts.changeOf(user.name)} onClose={onClose}>
      <Form send={common.save} onSend={send}>
        {isOfIssuer ? (
          <p class="quiet">{texts.signsInAt(user.issuer)}</p>
        ) : (
          <RoleField role={role} onRole={setRole} />
        )}
        <CameraGrant given={user.cameras} isAdmin={role === 'admin'} />
        {!isOfIssuer && (
          <Field label={texts.newPassword} hint={texts.newPasswordHint} name="password" {...PASSWORD} />
        )}
      </Form>
    </Dialog>
  );
}
