import type { ComponentType } from 'preact';
import { may } from '../access/may.js';
import { hrefOf, place } from '../place.js';
import { Account } from './account.js';
import { Audit } from './audit.js';
import { Overview } from './overview.js';
import { systemTexts as texts } from './system-texts.js';
import { Tokens } from './tokens.js';
import { Users } from './users.js';
import './system.css';

interface Section {
  readonly title: string;
  readonly permission: string;
  readonly part: ComponentType;
}

/** By their word in the address; the first that one may see is the page's own. */
const SECTIONS: Readonly<Record<string, Section>> = {
  overview: { title: texts.overview, permission: 'system', part: Overview },
  users: { title: texts.users, permission: 'accounts', part: Users },
  tokens: { title: texts.tokens, permission: 'account', part: Tokens },
  account: { title: texts.account, permission: 'account', part: Account },
  audit: { title: texts.audit, permission: 'audit', part: Audit },
};

/** The server and who may use it, in parts with addresses of their own (`#/system/users`). */
export function SystemPage() {
  const seen = Object.entries(SECTIONS).filter(([, { permission }]) => may(permission));
  const { id } = place.value;
  const [here, section] = seen.find(([word]) => word === id) ?? seen[0] ?? [];
  if (section === undefined) return null;
  return (
    <>
      <div class="page-head">
        <h1>{texts.title}</h1>
        {seen.length > 1 && (
          <nav class="parts" aria-label={texts.sections}>
            {seen.map(([word, { title }]) => (
              <a key={word} href={hrefOf('system', word)} aria-current={word === here ? 'page' : undefined}>
                {title}
              </a>
            ))}
          </nav>
        )}
      </div>
      <section.part key={here} />
    </>
  );
}
