import { useState } from 'preact/hooks';
import type { AuditCheckView, AuditRecordView } from '../../../src/server/protocol.js';
import { place, narrow } from '../place.js';
import { requestJson } from '../request.js';
import { Panel } from '../ui/panel.js';
import { StateLine } from '../ui/state-line.js';
import { Table } from '../ui/table.js';
import { useAsked } from '../ui/use-asked.js';
import { useAttempt } from '../ui/use-attempt.js';
import { systemTexts as texts } from './system-texts.js';

const PAGE = 50;

/** Who did what, in pages; which one stands in the address. */
export function Audit() {
  const before = place.value.filters.get('before');
  const query = new URLSearchParams({ limit: String(PAGE), ...(before !== null && { before }) });
  const asked = useAsked<{ entries: readonly AuditRecordView[] }>(`/api/v1/audit?${query}`);
  const entries = asked.answer?.entries ?? [];
  const oldest = entries.at(-1)?.seq;
  const hasMore = entries.length === PAGE && oldest !== undefined && oldest > 1;
  return (
    <Panel
      title={texts.audit}
      end={
        <div class="row">
          {before !== null && (
            <button type="button" class="secondary" onClick={() => narrow({ before: undefined })}>
              {texts.newest}
            </button>
          )}
          <button
            type="button"
            class="secondary"
            disabled={!hasMore}
            onClick={() => narrow({ before: String(oldest) })}
          >
            {texts.older}
          </button>
        </div>
      }
    >
      <Chain />
      <StateLine asked={asked} isEmpty={entries.length === 0} empty={texts.noEntries} />
      {entries.length > 0 && (
        <Table label={texts.audit} columns={[texts.time, texts.who, texts.what, texts.detail, texts.address]}>
          {entries.map((entry) => (
            <tr key={entry.seq}>
              <td class="numbers whole">{texts.moment(entry.time)}</td>
              <td>{entry.who}</td>
              <td>{entry.what}</td>
              <td>{texts.about(entry)}</td>
              <td>{entry.address}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

/** Whether nothing of the log was changed since it was written. */
function Chain() {
  const [result, setResult] = useState<AuditCheckView>();
  const { isBusy, fault, attempt } = useAttempt();
  const check = () =>
    attempt(async () => {
      setResult(undefined);
      setResult(await requestJson<AuditCheckView>('/api/v1/audit/check'));
    });
  return (
    <div class="panel-words chain">
      <div class="row">
        <span class="quiet">{texts.auditHint}</span>
        <button type="button" class="plain" disabled={isBusy} onClick={() => void check()}>
          {texts.check}
        </button>
      </div>
      <div role="status">
        {isBusy && texts.checking}
        <span class="fault">{fault}</span>
        {result !== undefined && <Result {...result} />}
      </div>
    </div>
  );
}

function Result({ entries, brokenAt, head }: AuditCheckView) {
  return (
    <>
      <span class="state" data-tone={brokenAt === undefined ? 'good' : 'bad'}>
        {brokenAt === undefined ? texts.whole(entries) : texts.broken(brokenAt)}
      </span>
      <p class="hint">
        {texts.head} <code>{head}</code>
      </p>
    </>
  );
}
