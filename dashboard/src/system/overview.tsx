import type { ComponentChildren } from 'preact';
import type { Readiness, SystemView } from '../../../src/server/protocol.js';
import { Panel } from '../ui/panel.js';
import { StateLine } from '../ui/state-line.js';
import { useAsked, type Ask } from '../ui/use-asked.js';
import { systemTexts as texts } from './system-texts.js';

const PERIOD_MS = 5000;

/** What the machine has, what of it is used, and whether anything is missing. */
export function Overview() {
  const asked = useAsked<SystemView>('/api/v1/system', PERIOD_MS);
  const system = asked.answer;
  return (
    <>
      <StateLine asked={asked} isEmpty={false} empty="" />
      <Ready />
      {system !== undefined && (
        <div class="panel-row">
          <Capacity {...system} />
          <Kept {...system} />
          <Server {...system} />
        </div>
      )}
    </>
  );
}

/** The answer of `/readyz`, which is a status of its own where something is missing. */
function Ready() {
  const { answer: readiness, fault } = useAsked('/readyz', PERIOD_MS, readinessOf);
  // That the server is away stands in the head of the page.
  if (readiness === undefined || fault !== undefined) return null;
  const { ready, reasons, warnings = [], config } = readiness;
  const said = [...reasons, ...(config === undefined ? [] : [config]), ...warnings];
  return (
    <div class="ready" role="status">
      <span class="state" data-tone={ready ? (said.length > 0 ? 'busy' : 'good') : 'bad'}>
        {ready ? texts.ready : texts.notReady}
      </span>
      {said.length > 0 && (
        <ul>
          {said.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

const readinessOf: Ask<Readiness> = async (address, { signal }) =>
  (await (await fetch(address, { signal })).json()) as Readiness;

function Capacity({ processors, memory, disk, analysis }: SystemView) {
  return (
    <Facts title={texts.capacity}>
      <Fact name={texts.processors}>
        {texts.processorsUsed(processors.count, processors.busy)}
        <Used name={texts.processors} share={processors.busy} />
      </Fact>
      <Fact name={texts.memory}>
        {texts.usedOf(memory.total - memory.free, memory.total)}
        <Used name={texts.memory} share={1 - memory.free / memory.total} />
      </Fact>
      <Fact name={texts.disk}>
        {disk === undefined ? texts.diskUnknown : texts.usedOf(disk.total - disk.free, disk.total)}
        <Used name={texts.disk} share={disk && 1 - disk.free / disk.total} />
        {disk !== undefined && <span class="hint">{texts.diskReserve(disk.reserve)}</span>}
      </Fact>
      <Fact name={texts.analysis}>
        {texts.analysed(analysis.fps, analysis.wantedFps)}
        <span class="hint">{texts.analysisHint}</span>
      </Fact>
    </Facts>
  );
}

function Kept({ store, pictures, recordings, retention, firstSeq, lastSeq }: SystemView) {
  return (
    <Facts title={texts.kept}>
      <Fact name={texts.store}>
        {texts.storeKind(store.kind, store.bytes)}
        {store.failure !== undefined && <span class="fault">{store.failure}</span>}
      </Fact>
      <Fact name={texts.pictures}>
        {texts.picturesUsed(pictures.bytes, pictures.bytesMax)}
        <Used name={texts.pictures} share={pictures.bytes / pictures.bytesMax} />
      </Fact>
      <Fact name={texts.recordings}>{texts.recorded(recordings.bytes, recordings.segments)}</Fact>
      <Fact name={texts.eventsKept}>{texts.eventsDays(retention)}</Fact>
      <Fact name={texts.tracksKept}>{texts.days(retention.tracksDays)}</Fact>
      <Fact name={texts.auditKept}>{texts.days(retention.auditDays)}</Fact>
      <Fact name={texts.messages}>{texts.messagesKept(firstSeq, lastSeq)}</Fact>
    </Facts>
  );
}

function Server({
  version,
  uptimeSeconds,
  startedAt,
  engine,
  ffmpeg,
  node,
  platform,
  clients,
  analysis,
}: SystemView) {
  return (
    <Facts title={texts.server}>
      <Fact name={texts.version}>{version}</Fact>
      <Fact name={texts.runningSince}>{texts.running(uptimeSeconds, startedAt)}</Fact>
      <Fact name={texts.engine}>
        {texts.engineState(engine.state, engine.restarts)}, {texts.workers(analysis.workers)}
        {engine.reason !== undefined && <span class="fault">{engine.reason}</span>}
      </Fact>
      <Fact name={texts.ffmpeg}>{ffmpeg?.version ?? texts.ffmpegMissing}</Fact>
      <Fact name={texts.node}>
        {node}, {platform}
      </Fact>
      <Fact name={texts.clients}>{clients}</Fact>
    </Facts>
  );
}

function Facts({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <Panel title={title}>
      <dl class="facts-list">{children}</dl>
    </Panel>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="numbers">{children}</dd>
    </div>
  );
}

/** A bar of what is used; beside the words that say the same. */
function Used({ name, share }: { readonly name: string; readonly share: number | undefined }) {
  if (share === undefined || !Number.isFinite(share)) return null;
  return <meter class="used" aria-label={name} min={0} max={1} high={0.9} optimum={0} value={share} />;
}
