import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CameraStages } from '../../../../src/server/protocol.js';
import { StateLine } from '../../ui/state-line.js';
import { useAsked } from '../../ui/use-asked.js';
import type { LineChart } from './line-chart.js';
import { dropChart, flowChart, latencyChart, latestOf, type ChartData } from './stage-series.js';
import { stageTexts } from './stage-texts.js';
import './charts.css';

const EVERY_MS = 10_000;
const CHARTS = [
  { title: stageTexts.latency, unit: 'ms', of: latencyChart, none: stageTexts.noLatency },
  { title: stageTexts.flow, unit: stageTexts.perSecond, of: flowChart, none: stageTexts.noFlow },
  { title: stageTexts.drops, unit: stageTexts.perSecond, of: dropChart, none: stageTexts.noDrops },
] as const;

/** Where the time of a camera's frames goes, and what became of them, over the last ten minutes. */
export function StagesPanel({ camera }: { readonly camera: string }) {
  const asked = useAsked<CameraStages>(`/api/v1/cameras/${encodeURIComponent(camera)}/stages`, EVERY_MS);
  const { answer } = asked;
  // The page renders whenever a camera's state comes, which is no news of the charts.
  const charts = useMemo(() => {
    const nowMs = Date.now();
    return answer === undefined
      ? []
      : CHARTS.map(({ of, ...chart }) => ({ ...chart, data: of(answer, nowMs) }));
  }, [answer]);
  return (
    <section class="panel" aria-labelledby="stages-title">
      <header class="panel-head">
        <h2 id="stages-title">{stageTexts.title}</h2>
        <span class="quiet">{stageTexts.span}</span>
      </header>
      <StateLine asked={asked} isEmpty={answer?.windows.length === 0} empty={stageTexts.nothing} />
      {answer !== undefined && answer.windows.length > 0 && (
        <div class="charts">
          {charts.map((chart) => (
            <Chart key={chart.title} {...chart} />
          ))}
        </div>
      )}
    </section>
  );
}

function Chart(props: {
  readonly title: string;
  readonly unit: string;
  readonly none: string;
  readonly data: ChartData;
}) {
  const { title, unit, none, data } = props;
  const place = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<LineChart>();
  const isEmpty = data.series.length === 0;
  useEffect(() => {
    if (isEmpty) return undefined;
    let made: LineChart | undefined;
    let isWanted = true;
    // The library is no part of what a page needs at first.
    void import('./line-chart.js').then(({ LineChart }) => {
      if (!isWanted || place.current === null) return;
      made = new LineChart({ into: place.current, unit, nameOf: stageTexts.nameOf });
      setChart(made);
    });
    return () => {
      isWanted = false;
      made?.close();
      setChart(undefined);
    };
  }, [isEmpty]);
  useEffect(() => chart?.show(data), [chart, data]);
  const latest = latestOf(data).map(({ name, value }) =>
    stageTexts.latest(stageTexts.nameOf(name), value, unit),
  );
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      {isEmpty ? (
        <p class="quiet">{none}</p>
      ) : (
        <>
          <div ref={place} aria-hidden="true" />
          <p class="chart-latest numbers">{latest.join(' · ')}</p>
        </>
      )}
    </figure>
  );
}
