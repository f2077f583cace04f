import { hrefOf } from '../place.js';
import { texts } from '../texts.js';
import { isSettingUp, session, signOut } from './session.js';

/** In the head of the page: who one is, and the way out; before there are users, the way to make the first. */
export function AccountBar() {
  const state = session.value;
  if (state === undefined) return null;
  if (state.isVisitor)
    return (
      <button class="plain" type="button" onClick={() => (isSettingUp.value = true)}>
        {texts.setUpAccess}
      </button>
    );
  if (state.me === undefined) return null;
  return (
    <>
      <a
        class="quiet account-name"
        href={hrefOf('system', 'account')}
        title={texts.yourAccount(state.me.name)}
      >
        {state.me.name}
      </a>
      <button class="plain" type="button" onClick={() => void signOut()}>
        {texts.signOut}
      </button>
    </>
  );
}
