import { useState } from 'preact/hooks';
import type { TokenView } from '../../../src/server/protocol.js';
import { session } from '../access/session.js';
import { request, requestJson } from '../request.js';
import { Confirm } from '../ui/confirm.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Form, textOf } from '../ui/form.js';
import { Panel } from '../ui/panel.js';
import { StateLine } from '../ui/state-line.js';
import { Table } from '../ui/table.js';
import { useAsked } from '../ui/use-asked.js';
import { CameraGrant, grantOf } from './camera-grant.js';
import { RoleField } from './role-field.js';
import { systemTexts as texts } from './system-texts.js';

const ADDRESS = '/api/v1/tokens';
/** Permissions that every caller has, or that no token can have. */
const NOT_OFFERED: ReadonlySet<string> = new Set(['health', 'dashboard', 'session', 'account']);

/** What programs sign in with: one's own tokens, or everyone's for who looks after accounts. */
export function Tokens() {
  const asked = useAsked<{ tokens: readonly TokenView[] }>(ADDRESS);
  const [isMaking, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<TokenView>();
  const tokens = asked.answer?.tokens ?? [];
  return (
    <Panel
      title={texts.tokens}
      end={
        <button type="button" class="secondary" onClick={() => setMaking(true)}>
          {texts.tokenMake}
        </button>
      }
    >
      <p class="panel-words quiet">{texts.tokensHint}</p>
      <StateLine asked={asked} isEmpty={tokens.length === 0} empty={texts.noTokens} />
      {tokens.length > 0 && <TokenTable tokens={tokens} onRevoke={setRevoking} />}
      {isMaking && <MakeToken onClose={() => setMaking(false)} onMade={asked.again} />}
      {revoking !== undefined && (
        <Confirm
          title={texts.revokeOf(revoking.name)}
          about={texts.revokeToken(revoking.name)}
          sure={texts.revoke}
          onClose={() => setRevoking(undefined)}
          onSure={() => request(`${ADDRESS}/${revoking.id}`, { method: 'DELETE' }).then(asked.again)}
        />
      )}
    </Panel>
  );
}

function TokenTable(props: { tokens: readonly TokenView[]; onRevoke: (token: TokenView) => void }) {
  return (
    <Table
      label={texts.tokens}
      columns={[texts.tokenName, texts.role, texts.scope, texts.cameras, texts.owner, texts.expires, '']}
    >
      {props.tokens.map((token) => (
        <tr key={token.id}>
          <th scope="row">{token.name}</th>
          <td>{texts.roleWord(token.role)}</td>
          <td>{texts.scopeOf(token.only)}</td>
          <td>{texts.camerasOf(token.cameras)}</td>
          <td>{token.owner ?? texts.commandLine}</td>
          <td>{token.expiresAt === undefined ? texts.never : texts.day(token.expiresAt)}</td>
          <td class="end">
            <button
              type="button"
              class="plain danger"
              aria-label={texts.revokeOf(token.name)}
              onClick={() => props.onRevoke(token)}
            >
              {texts.revoke}
            </button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function MakeToken({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => void }) {
  const [secret, setSecret] = useState<string>();
  const send = async (given: FormData) => {
    const days = textOf(given, 'days');
    const isSome = given.get('scope') === 'some';
    const made = await requestJson<{ secret: string }>(ADDRESS, {
      method: 'POST',
      body: {
        name: textOf(given, 'name'),
        role: given.get('role'),
        cameras: grantOf(given),
        ...(days !== '' && { days: Number(days) }),
        ...(isSome && { only: given.getAll('only') }),
      },
    });
    setSecret(made.secret);
    onMade();
  };
  if (secret !== undefined) return <Secret secret={secret} onClose={onClose} />;
  return (
    <Dialog title={texts.tokenMake} onClose={onClose}>
      <Form send={texts.tokenMake} onSend={send}>
        <TokenFields />
      </Form>
    </Dialog>
  );
}

function TokenFields() {
  const me = session.value?.me;
  const [role, setRole] = useState('viewer');
  const [isSome, setSome] = useState(false);
  const offered = (me?.permissions ?? []).filter((one) => !NOT_OFFERED.has(one));
  return (
    <>
      <Field
        label={texts.tokenName}
        hint={texts.tokenNameHint}
        name="name"
        required
        maxLength={100}
        autocomplete="off"
      />
      <RoleField role={role} onRole={setRole} most={me?.role ?? 'viewer'} />
      <fieldset class="choice">
        <legend>{texts.scope}</legend>
        <label class="check">
          <input type="radio" name="scope" value="all" checked={!isSome} onChange={() => setSome(false)} />
          {texts.scopeAll}
        </label>
        <label class="check">
          <input type="radio" name="scope" value="some" checked={isSome} onChange={() => setSome(true)} />
          {texts.scopeSome}
        </label>
        {isSome && (
          <div class="choice-list">
            {offered.map((one) => (
              <label class="check" key={one}>
                <input type="checkbox" name="only" value={one} />
                {one}
              </label>
            ))}
          </div>
        )}
      </fieldset>
      <CameraGrant given="*" isAdmin={role === 'admin'} />
      <Field
        label={texts.expiresAfter}
        hint={texts.expiresHint}
        name="days"
        type="number"
        min={1}
        max={3650}
        step={1}
      />
    </>
  );
}

/** The only time that it is shown. */
function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(secret).then(
      () => setCopied(true),
      // Without TLS, browsers have no clipboard for pages: it can be marked and copied by hand.
      () => setCopied(false),
    );
  return (
    <Dialog title={texts.secretTitle} onClose={onClose}>
      <p>{texts.secretOnce}</p>
      <input
        class="secret"
        type="text"
        readOnly
        value={secret}
        aria-label={texts.secretTitle}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div class="row">
        <button type="button" class="primary" onClick={onClose}>
          {texts.done}
        </button>
        {isSecureContext && (
          <button type="button" class="secondary" onClick={copy}>
            {texts.copy}
          </button>
        )}
        <span role="status" class="quiet">
          {isCopied ? texts.copied : ''}
        </span>
      </div>
    </Dialog>
  );
}
