import { useEffect } from 'preact/hooks';
import { AccountBar } from './access/account-bar.js';
import { may } from './access/may.js';
import { isSettingUp, session } from './access/session.js';
import { SignInPage } from './access/sign-in-page.js';
import { PAGES } from './pages.js';
import { hrefOf, place, type PageName } from './place.js';
import { isDebugOpen, serverLink } from './state.js';
import { texts } from './texts.js';
import { Fetched } from './ui/fetched.js';
import { isShortcut } from './ui/single-keys.js';
import { WebcamLine } from './webcam/webcam-line.js';

/** The page, once it is known who looks at it. */
export function App() {
  const state = session.value;
  if (state === undefined) return <p class="quiet waiting">{texts.serverConnecting}</p>;
  const maySee = state.isVisitor || state.me !== undefined;
  if (!maySee || isSettingUp.value) return <SignInPage isSetup={state.needsSetup} />;
  return <Dashboard />;
}

/** The ways between pages, and the page where one is. */
function Dashboard() {
  useEffect(() => {
    document.addEventListener('keydown', toggleDebug);
    return () => document.removeEventListener('keydown', toggleDebug);
  }, []);
  const { page } = place.value;
  const wanted = PAGES[page];
  const isAllowed = wanted !== undefined && may(wanted.permission);
  const name = isAllowed ? page : 'live';
  const entry = isAllowed ? wanted : PAGES.live!;
  useEffect(() => {
    document.title = entry.title === undefined ? texts.name : texts.pageTitle(entry.title);
  }, [entry]);
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>
        {texts.skip}
      </a>
      <header class="top">
        <span class="mark">{texts.name}</span>
        <Ways here={name} />
        <span class="top-end">
          <Link />
          <AccountBar />
        </span>
      </header>
      <WebcamLine />
      <main id="main" tabIndex={-1} class={name === 'live' ? undefined : 'page'}>
        {entry.isFetched ? <Fetched key={name} load={entry.load} /> : <entry.page />}
      </main>
    </>
  );
}

function Ways({ here }: { readonly here: PageName }) {
  const shown = (Object.entries(PAGES) as [PageName, (typeof PAGES)[PageName] & object][]).filter(
    ([, { title, permission }]) => title !== undefined && may(permission),
  );
  if (shown.length < 2) return null;
  return (
    <nav class="ways" aria-label={texts.ways}>
      {shown.map(([name, { title }]) => (
        <a key={name} href={hrefOf(name)} aria-current={name === here ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}

function Link() {
  const link = serverLink.value;
  switch (link.kind) {
    case 'connected':
      return (
        <span class="state" data-tone="good" role="status">
          {texts.serverConnected}
        </span>
      );
    case 'connecting':
      return (
        <span class="state" data-tone="busy" role="status">
          {texts.serverConnecting}
        </span>
      );
    case 'lost':
      return (
        <span class="state" data-tone="bad" role="status">
          {texts.serverLost(link.sinceMs)}
        </span>
      );
  }
}

/** The fragment is the address of the page: following the link would leave it. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function toggleDebug(event: KeyboardEvent): void {
  if (event.key === 'd' && isShortcut(event)) isDebugOpen.value = !isDebugOpen.value;
}
