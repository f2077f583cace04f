import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CliProcess, runCliProcess } from '../cli/run-cli.js';
import { makeClip } from '../support/clips.js';
import { waitFor } from '../support/wait-for.js';

interface Query {
  readonly expr: string;
  /** Whatever is told with it, and names labels in braces. */
  readonly text: string;
}
const rules = (
  parse(readFileSync('deploy/prometheus/alerts.yml', 'utf8')) as {
    groups: { rules: { record?: string; expr: string; annotations?: { summary: string } }[] }[];
  }
).groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(readFileSync('deploy/grafana/sightline.json', 'utf8')) as {
  panels: { targets: { expr: string; legendFormat: string }[] }[];
};
const queries: Query[] = [
  ...rules.map(({ expr, annotations }) => ({ expr, text: annotations?.summary ?? '' })),
  ...panels.flatMap(({ targets }) => targets.map(({ expr, legendFormat: text }) => ({ expr, text }))),
];
/** Of Prometheus itself. */
const FROM_SCRAPING = new Set(['instance', 'job']);

/** The metrics of a query, each with the labels that it must have. Recorded names stand for what is recorded. */
function needsOf({ expr, text }: Query): { metric: string; labels: string[] }[] {
  for (const { record, expr: recorded } of rules)
    if (record !== undefined) expr = expr.replaceAll(record, `(${recorded})`);
  const named = (part: string) =>
    [...part.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label!);
  const metrics = [...expr.matchAll(/(sightline_\w+)(?:\{([^}]*)\})?/g)];
  const rest = metrics.reduce((left, [whole]) => left.replace(whole, ''), expr);
  const forAll = [
    ...named(rest),
    ...[...rest.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, labels]) => labels!.split(/,\s*/)),
    ...[...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)/g)].map(([, label]) => label!),
  ].filter((label) => !FROM_SCRAPING.has(label));
  return metrics.map(([, metric, own = '']) => ({
    metric: metric!,
    labels: [...new Set([...named(own), ...forAll])],
  }));
}

let dir: string;
let server: CliProcess;
let url: string;
let token: string;
/** By the name of a series, the labels that it has. */
const series = new Map<string, Set<string>>();

const scrape = async () =>
  (await fetch(new URL('/metrics', url), { headers: { authorization: `Bearer ${token}` } })).text();

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'sightline-scraped-'));
  const { path: clip } = await makeClip({ fps: 5, seconds: 4, gopFrames: 5, container: 'mp4' });
  const file = path.join(dir, 'sightline.yaml');
  writeFileSync(
    file,
    `server: { port: 0 }\ndata: { dir: data }\nengine: { workers: 1 }\n` +
      `cameras: { gate: { source: ${clip}, analyse: { width: 64, fps: 1 }, record: { mode: continuous, segmentSeconds: 5 } } }\n` +
      `webhooks: { away: { url: "http://127.0.0.1:9/", secret: known-to-nobody-at-all, topics: [camera] } }\n`,
  );
  server = new CliProcess(['serve'], { cwd: dir, env: {} });
  url = await waitFor(() => /listening on (\S+)/.exec(server.stdout)?.[1], {
    timeoutMs: 60_000,
    what: () => `the server: ${server.stderr}`,
  });
  // The command of docs/monitoring.md.
  const command = /sightline (token create .*?) >/.exec(readFileSync('docs/monitoring.md', 'utf8'))![1]!;
  token = (await runCliProcess([...command.split(' '), '--config', file])).stdout.trim();
  const text = await waitFor(
    async () => {
      const now = await scrape();
      const isThere = [/^sightline_inference_seconds_count\{/m, /^sightline_recording_bytes\{/m];
      return isThere.every((pattern) => pattern.test(now)) ? now : undefined;
    },
    { timeoutMs: 60_000, what: 'a frame to be analysed and one to be recorded' },
  );
  for (const [, name, labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const known = series.get(name!) ?? new Set<string>();
    for (const [, label] of labels.matchAll(/(\w+)="/g)) known.add(label!);
    series.set(name!, known);
  }
}, 180_000);
afterAll(async () => {
  server.child.kill('SIGKILL');
  await server.ended;
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

describe('alerts and dashboard', () => {
  const needs = queries.flatMap(needsOf);

  it('name metrics and labels that a server has', () => {
    const withoutSeries = needs.filter(({ metric }) => !series.has(metric)).map(({ metric }) => metric);
    // Only a fault brings one into being; test/recording has it with these labels.
    expect([...new Set(withoutSeries)]).toEqual(['sightline_recording_dropped_total']);
    expect(needs.find(({ metric }) => metric === withoutSeries[0])?.labels.sort()).toEqual([
      'camera',
      'reason',
    ]);
    const unknown = needs.flatMap(({ metric, labels }) =>
      labels
        .filter((label) => series.get(metric)?.has(label) === false)
        .map((label) => `${metric}{${label}}`),
    );
    expect(unknown).toEqual([]);
    // So that what finds them is not blind.
    expect(needs.length).toBeGreaterThan(25);
    expect(needs.filter(({ labels }) => labels.length > 0).length).toBeGreaterThan(12);
  });
});

describe('the token of the documentation', () => {
  it('reads metrics and nothing else', async () => {
    expect(await scrape()).toContain('sightline_camera_up');
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(new URL('/api/v1/events', url), { headers })).status).toBe(403);
  });
});
