import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/base/index.js';
import { createMetrics, type Metrics } from '../../src/metrics/index.js';

const RULES = 'deploy/prometheus/alerts.yml';
const dashboard = JSON.parse(readFileSync('deploy/grafana/sightline.json', 'utf8')) as {
  panels: { targets: { expr: string }[] }[];
};
const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
const describeWithPromtool =
  spawnSync('promtool', ['--version']).error === undefined ? describe : describe.skip;

let metrics: Metrics;
let dir: string;
beforeEach(() => {
  metrics = createMetrics({ clock: systemClock });
  dir = mkdtempSync(path.join(tmpdir(), 'sightline-monitoring-'));
});
afterEach(() => {
  metrics.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('alerts and dashboard', () => {
  it('name metrics that exist', async () => {
    const known = new Set([...(await metrics.text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!));
    const used = [readFileSync(RULES, 'utf8'), ...queries].flatMap(
      (text) => text.match(/\bsightline_\w+/g) ?? [],
    );
    const unknown = used.filter((name) => !known.has(name) && !known.has(name.replace(/_bucket$/, '')));
    expect(used.length).toBeGreaterThan(25);
    expect(unknown).toEqual([]);
  });
});

describeWithPromtool('promtool', () => {
  it('accepts the rules, and each alert comes when it should', () => {
    execFileSync('promtool', ['check', 'rules', RULES]);
    execFileSync('promtool', ['test', 'rules', 'deploy/prometheus/alerts.test.yml']);
  });

  it('can parse each query of the dashboard', () => {
    const file = path.join(dir, 'rules.yml');
    const rules = queries.map((expr, at) => ({ record: `query_${at}`, expr }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    execFileSync('promtool', ['check', 'rules', file]);
    expect(queries.length).toBeGreaterThan(10);
  });

  it('finds nothing to say about the metrics', async () => {
    const input = (await metrics.text()).replaceAll(/^(# (HELP|TYPE) )?(nodejs|process)_.*\n/gm, '');
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  });
});
