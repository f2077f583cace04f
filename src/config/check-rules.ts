import { nearestName } from './nearest-name.js';
import { checkReading } from './read-schema.js';
import { pathText, valueText, type KeyPath } from './problem.js';
import type { ConfigFile } from './schema.js';
import { crossesItself, threeInLine } from './shapes.js';

type FileCamera = ConfigFile['cameras'][string];
type FileRule = FileCamera['rules'][number];
type TemporalRule = ConfigFile['rules'][number];

/** Called with where something is wrong, and what. */
export type Complain = (path: KeyPath, text: string) => void;

/**
 * Finds what the shapes of single keys cannot say: rules that name a zone, line, rule, camera or label that is not there, and figures
 * that enclose nothing. The file is already of the right form.
 */
export function checkRules(file: ConfigFile, complain: Complain): void {
  for (const [id, camera] of Object.entries(file.cameras)) checkCamera(['cameras', id], camera, complain);
  checkReading(file, complain);
  checkNames(['rules'], file.rules, complain);
  file.rules.forEach((rule, at) => checkTemporal(['rules', at], rule, file, complain));
}

function checkCamera(path: KeyPath, camera: FileCamera, complain: Complain): void {
  for (const [name, { polygon }] of Object.entries(camera.zones))
    if (crossesItself(polygon))
      complain(
        [...path, 'zones', name, 'polygon'],
        'its sides cross one another: give the corners in order around',
      );
  camera.privacy.forEach((mask, at) => {
    if (crossesItself(mask.polygon))
      complain(
        [...path, 'privacy', at, 'polygon'],
        'its sides cross one another: give the corners in order around',
      );
  });
  for (const [name, { points }] of Object.entries(camera.lines))
    if (isSamePlace(...points))
      complain([...path, 'lines', name, 'points'], 'it begins where it ends: give two places');
  for (const key of ['picture', 'metres'] as const)
    if (camera.calibration !== undefined && threeInLine(camera.calibration[key]))
      complain(
        [...path, 'calibration', key],
        'three of these places are on one line: take the corners of a four-sided field',
      );
  checkNames([...path, 'rules'], camera.rules, complain);
  camera.rules.forEach((rule, at) => checkRule([...path, 'rules', at], rule, camera, complain));
}

function checkRule(path: KeyPath, rule: FileRule, camera: FileCamera, complain: Complain): void {
  checkSchedule(path, rule, complain);
  const { zones, lines, calibration, analyse } = camera;
  if ('zone' in rule && rule.zone !== undefined)
    checkKnown([...path, 'zone'], 'zone', rule.zone, Object.keys(zones), complain);
  if (rule.type === 'line') checkKnown([...path, 'line'], 'line', rule.line, Object.keys(lines), complain);
  if (rule.type === 'speed' && calibration === undefined)
    complain([...path, 'type'], 'speed needs calibration: four places on the ground of this camera');
  if (rule.type === 'classifier' && !analyse.snapshots)
    complain(
      [...path, 'type'],
      'classifier needs analyse.snapshots of this camera: classifiers look at pictures of tracks',
    );
  if (rule.type === 'wrong-way' && isSamePlace(...rule.allowed))
    complain([...path, 'allowed'], 'the arrow ends where it begins: give two places');
  const detected = analyse.detect;
  if (detected === undefined) return;
  for (const key of ['labels', 'owners'] as const) {
    const labels = key in rule ? ((rule as { [K in typeof key]?: string[] })[key] ?? []) : [];
    const missing = labels.filter((label) => !detected.includes(label));
    // Of the labels that a rule has by itself one is enough.
    const isDefault = rule.type === 'abandoned' && key === 'labels' && missing.length < labels.length;
    if (missing.length > 0 && !isDefault)
      complain(
        [...path, key],
        `analyse.detect of this camera leaves out ${missing.join(', ')}: add it there, or remove it here`,
      );
  }
}

function checkSchedule(path: KeyPath, { schedule }: FileRule | TemporalRule, complain: Complain): void {
  if (schedule === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone: schedule.timeZone });
  } catch {
    complain(
      [...path, 'schedule', 'timeZone'],
      `there is no time zone ${valueText(schedule.timeZone)}: write it as Europe/Berlin or UTC`,
    );
  }
}

function checkTemporal(path: KeyPath, rule: TemporalRule, file: ConfigFile, complain: Complain): void {
  checkSchedule(path, rule, complain);
  for (const key of ['first', 'then', 'without', 'event'] as const) {
    const pattern = key in rule ? (rule as { [K in typeof key]?: { rule: string; camera?: string | undefined } })[key] : undefined; // prettier-ignore
    if (pattern === undefined) continue;
    const { camera } = pattern;
    if (camera !== undefined && !Object.hasOwn(file.cameras, camera)) {
      checkKnown([...path, key, 'camera'], 'camera', camera, Object.keys(file.cameras), complain);
      continue;
    }
    const cameras = camera === undefined ? Object.values(file.cameras) : [file.cameras[camera]!];
    const names = [...new Set(cameras.flatMap(({ rules }) => rules.map(({ name }) => name)))];
    checkKnown([...path, key, 'rule'], 'rule', pattern.rule, names, complain, camera);
  }
}

function checkNames(path: KeyPath, rules: readonly { name: string }[], complain: Complain): void {
  const seen = new Map<string, number>();
  rules.forEach(({ name }, at) => {
    const earlier = seen.get(name);
    if (earlier === undefined) seen.set(name, at);
    else
      complain(
        [...path, at, 'name'],
        `${pathText([...path, earlier])} is called ${name} already: rename one`,
      );
  });
}

function checkKnown(
  path: KeyPath,
  what: string,
  name: string,
  known: readonly string[],
  complain: Complain,
  camera?: string,
): void {
  if (known.includes(name)) return;
  const nearest = nearestName(name, known);
  const owner = { camera: '', rule: camera === undefined ? ' of any camera' : ` of camera ${camera}` }[what];
  const listed = known.slice(0, 8).join(', ');
  const cure =
    nearest !== undefined
      ? `did you mean ${nearest}?`
      : known.length === 0
        ? `there is no ${what} yet: add one`
        : `there ${known.length === 1 ? 'is' : 'are'} ${listed}${known.length > 8 ? ', …' : ''}`;
  complain(path, `there is no such ${what}${owner ?? ' of this camera'}; ${cure}`);
}

function isSamePlace([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]): boolean {
  return ax === bx && ay === by;
}
