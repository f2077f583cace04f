import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../src/base/index.js';
import { differInRulesOnly } from '../../src/config/index.js';
import { parseConfig } from '../../src/config/parse.js';

const HEAD = `cameras:
  gate:
    source: rtsp://a
    zones: { drive: { polygon: [[0.1, 0.5], [0.9, 0.5], [0.9, 1], [0.1, 1]] } }
    lines: { door: { points: [[0.2, 0.4], [0.4, 0.4]] } }
`;
const parse = (text: string) =>
  parseConfig(text, {
    file: 'sightline.yaml',
    baseDir: '/etc/sightline',
    env: {},
    labels: ['person', 'car', 'suitcase'],
  });
const withRule = (rule: string) => `${HEAD}    rules: [{ ${rule} }]\n`;

function refusal(text: string): AppError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('nothing was refused');
}

describe('the rules of a camera', () => {
  it('are read with their zones and lines, and with defaults', () => {
    const [camera] = parse(withRule('name: hello, type: loiter, zone: drive, labels: [person], seconds: 10')).cameras; // prettier-ignore
    expect(camera).toMatchObject({
      zones: { drive: { by: 'foot', debounceSeconds: 0.5 } },
      lines: { door: { points: [[0.2, 0.4], [0.4, 0.4]], by: 'foot' } }, // prettier-ignore
      rules: [{ name: 'hello', type: 'loiter', zone: 'drive', labels: ['person'], seconds: 10, severity: 'info', cooldownSeconds: 0 }], // prettier-ignore
    });
  });

  it.each([
    'type: enter, zone: drive',
    'type: leave, zone: drive',
    'type: inside, zone: drive, scoreMin: 0.6',
    'type: line, line: door, direction: in',
    'type: occupancy, zone: drive',
    'type: crowding, zone: drive, countMin: 4',
    'type: wrong-way, allowed: [[0.5, 0.2], [0.5, 0.8]]',
    'type: stopped, labels: [car], severity: alert',
    'type: abandoned, labels: [suitcase]',
    'type: removed, zone: drive, labels: [suitcase]',
    'type: classifier, classifier: our-van, classes: [ours, unsure], confidenceMin: 0.9, zone: drive',
    'type: light, regime: low',
    'type: offline, seconds: 60',
    'type: health, faults: [blocked, signal-lost], severity: alert',
    'type: enter, zone: drive, schedule: { days: [sat, sun], from: "22:00", to: "06:00", timeZone: Europe/Berlin }',
  ])('may be %s', (rule) => {
    expect(parse(withRule(`name: a, ${rule}`)).cameras[0]?.rules).toHaveLength(1);
  });

  it('have a speed where the camera is calibrated', () => {
    const calibration = '    calibration: { picture: [[0.4,0.4],[0.6,0.4],[1,1],[0,1]], metres: [[0,0],[7,0],[7,30],[0,30]] }\n'; // prettier-ignore
    const rule = 'name: fast, type: speed, kmhAbove: 30';
    expect(parse(withRule(rule) + calibration).cameras[0]?.rules[0]?.type).toBe('speed');
    expect(refusal(withRule(rule)).message).toMatch(/rules\[0\]\.type = "speed": speed needs calibration/);
  });

  it('are about classes where pictures are kept', () => {
    const rule = withRule('name: ours, type: classifier, classifier: van, classes: [ours]');
    expect(parse(rule).cameras[0]?.rules[0]).toMatchObject({ confidenceMin: 0 });
    const error = refusal(`${rule}    analyse: { snapshots: false }\n`);
    expect(error.message).toMatch(/rules\[0\]\.type = "classifier": classifier needs analyse\.snapshots/);
  });

  it.each([
    ['a zone that is not there', 'name: a, type: enter, zone: drvie', /^sightline\.yaml:6:\d+: cameras\.gate\.rules\[0\]\.zone = "drvie": there is no such zone of this camera; did you mean drive\?/],
    ['a line that is not there', 'name: a, type: line, line: window', /rules\[0\]\.line = "window": there is no such line of this camera; there is door/],
    ['a key of another type', 'name: a, type: enter, zone: drive, seconds: 3', /rules\[0\]\.seconds is not a known key; .*labels, scoreMin, zone/],
    ['a misspelt key', 'name: a, type: loiter, zone: drive, secnods: 3', /secnods is not a known key; did you mean seconds\?/],
    ['a type that is not there', 'name: a, type: loitering, zone: drive', /rules\[0\]/],
    ['a missing zone', 'name: a, type: enter', /rules\[0\]\.zone is missing\. The name of a zone/],
    ['a label that the detector lacks', 'name: a, type: enter, zone: drive, labels: [cra]', /rules\[0\]\.labels\[0\] = "cra": .*did you mean car\?/],
    ['a classifier without a class', 'name: a, type: classifier, classifier: van', /rules\[0\]\.classes is missing\. Which of its answers/],
    ['a time zone that is not there', 'name: a, type: enter, zone: drive, schedule: { timeZone: Berlin }', /no time zone "Berlin"/],
    ['a time that is none', 'name: a, type: enter, zone: drive, schedule: { from: "25:00" }', /schedule\.from = "25:00"/],
    ['an arrow without length', 'name: a, type: wrong-way, allowed: [[0.5,0.5],[0.5,0.5]]', /arrow ends where it begins/],
    ['a name used twice', 'name: a, type: enter, zone: drive }, { name: a, type: leave, zone: drive', /rules\[1\]\.name = "a": cameras\.gate\.rules\[0\] is called a already/],
  ])('are refused for %s', (_, rule, message) => {
    const error = refusal(withRule(rule));
    expect(error.code).toMatch(/^config\/(invalid-value|unknown-key)$/);
    expect(error.message).toMatch(message);
  }); // prettier-ignore

  it('are refused for figures that enclose nothing', () => {
    const zone = (polygon: string) =>
      `cameras: { gate: { source: a, zones: { drive: { polygon: ${polygon} } } } }`;
    expect(refusal(zone('[[0,0],[1,1],[1,0],[0,1]]')).message).toMatch(/zones\.drive\.polygon: its sides cross/); // prettier-ignore
    const masked = 'cameras: { gate: { source: a, privacy: [{ polygon: [[0,0],[1,1],[1,0],[0,1]] }] } }';
    expect(refusal(masked).message).toMatch(/privacy\[0\]\.polygon: its sides cross/);
    expect(refusal(zone('[[0,0],[1,1]]')).message).toMatch(/zones\.drive\.polygon/);
    expect(refusal(zone('[[0,0],[1,1],[1,7]]')).message).toMatch(/polygon\[2\]\[1\] = 7/);
    expect(parse(zone('[[0,0],[1,1],[1,0]]')).cameras).toHaveLength(1);
  });

  it('are refused for labels that analyse.detect leaves out', () => {
    const text = withRule('name: a, type: enter, zone: drive, labels: [car]');
    expect(refusal(`${text}    analyse: { detect: [person] }`).message).toMatch(/analyse\.detect of this camera leaves out car/); // prettier-ignore
    expect(parse(`${text}    analyse: { detect: [person, car] }`).cameras).toHaveLength(1);
  });

  it('differ without anything else differing, or not', () => {
    const before = parse(withRule('name: a, type: enter, zone: drive')).cameras[0]!;
    const after = parse(withRule('name: b, type: leave, zone: drive')).cameras[0]!;
    expect(differInRulesOnly(before, after)).toBe(true);
    expect(differInRulesOnly(before, { ...after, source: 'rtsp://b' })).toBe(false);
  });
});

describe('rules about events', () => {
  const head = withRule('name: arrived, type: enter, zone: drive');

  it.each([
    'type: sequence, first: { rule: arrived, camera: gate }, then: { rule: arrived }, withinSeconds: 30',
    'type: absence, first: { rule: arrived }, without: { rule: arrived, on: ended }, withinSeconds: 30',
    'type: repeated, event: { rule: arrived, label: person }, times: 3, withinSeconds: 3600',
  ])('may be %s', (rule) => {
    expect(parse(`${head}rules: [{ name: a, ${rule} }]`).rules).toHaveLength(1);
  });

  it.each([
    ['a rule that is not there', 'first: { rule: arived }', /^sightline\.yaml:\d+:\d+: rules\[0\]\.first\.rule = "arived": there is no such rule of any camera; did you mean arrived\?/],
    ['a camera that is not there', 'first: { rule: arrived, camera: gaet }', /rules\[0\]\.first\.camera = "gaet": there is no such camera; did you mean gate\?/],
  ])('are refused for %s', (_, first, message) => {
    const text = `${head}rules: [{ name: a, type: sequence, ${first}, then: { rule: arrived }, withinSeconds: 3 }]`;
    expect(refusal(text).message).toMatch(message);
  }); // prettier-ignore
});
