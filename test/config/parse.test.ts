import { describe, expect, it } from '@jest/globals';
import { AppError, redact } from '../../src/base/index.js';
import { parseConfig } from '../../src/config/parse.js';
import type { Config } from '../../src/config/index.js';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const LABELS = ['person', 'bicycle', 'car', 'motorcycle', 'traffic light'];

function parse(text: string, env: Record<string, string> = {}): Config {
  return parseConfig(text, { file: 'sightline.yaml', baseDir: '/etc/sightline', env, labels: LABELS });
}

function refusal(text: string, env: Record<string, string> = {}): AppError {
  try {
    parse(text, env);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('the text was accepted');
}

const GATE = 'cameras:\n  gate:\n    source: rtsp://gate.lan/stream1\n';

describe('parseConfig', () => {
  it('fills in every default', () => {
    expect(parse(GATE)).toEqual({
      server: { host: '127.0.0.1', port: 8080, trustedProxies: [] },
      ffmpeg: {},
      engine: {},
      data: {
        dir: '/etc/sightline/sightline-data',
        auditDays: 365,
        historyAgesMs: { track: 30 * DAY_MS, info: 90 * DAY_MS, warning: 90 * DAY_MS, alert: 90 * DAY_MS },
        snapshotAgesMs: {},
        snapshotsBytes: 5e9,
      },
      recording: { dir: '/etc/sightline/sightline-data/recordings' },
      access: {},
      models: [],
      cameras: [
        {
          id: 'gate',
          name: 'gate',
          source: 'rtsp://gate.lan/stream1',
          enabled: true,
          analyse: {
            model: 'default',
            fps: 5,
            longSidePx: 512,
            labels: [],
            scoreMin: 0.4,
            detectEvery: 1,
            heads: [],
            follow: true,
            light: 'auto',
            snapshots: true,
          },
          record: {
            mode: 'off',
            preRollMs: 5000,
            postRollMs: 10_000,
            segmentMs: 60_000,
            keepMs: 72 * HOUR_MS,
            keepEventMs: 336 * HOUR_MS,
          },
          privacy: [],
          zones: {},
          lines: {},
          rules: [],
        },
      ],
      rules: [],
      webhooks: [],
    });
  });

  it('takes every key', () => {
    const config = parse(`
server: { host: 0.0.0.0, port: 0, publicUrl: https://cameras.example, tls: { cert: a.pem, key: /b.pem }, trustedProxies: [10.0.0.1] }
ffmpeg: { path: tools/ffmpeg }
engine: { workers: 3 }
data: { dir: /var/lib/sightline, eventsDays: 7, tracksDays: 2, auditDays: 30, history: { alertDays: 30 }, snapshotsGb: 1, snapshots: { tracksDays: 1, alertDays: 7 } }
recording: { dir: video, reserveGb: 2, cold: { dir: /mnt/archive, afterHours: 12 } }
models:
  fast: { file: models/fast.onnx, family: yolox, provider: cuda, required: true, deviceId: 1, memoryLimitMb: 2048 }
  plain: { file: /models/plain.onnx }
  pulled: { name: yolox-nano }
scene: { model: { file: models/street.onnx } }
cameras:
  yard:
    source: clips/yard.mp4
    name: Back yard
    enabled: false
    analyse: { model: fast, fps: 2.5, width: 640, detect: [person, traffic light], scoreMin: 0.25, detectEvery: adaptive, follow: false, snapshots: false, heads: [mask] }
    record: { mode: events, preRollSeconds: 2, postRollSeconds: 3, segmentSeconds: 30, keepHours: 1, keepEventHours: 2, maxGb: 4 }
    history: { tracksDays: 1, infoDays: 3 }
    snapshots: { infoDays: 0.5, maxGb: 2 }
    privacy: [{ polygon: [[0, 0], [0.5, 0], [0.5, 1]], fill: blur }, { polygon: [[0.5, 0], [1, 0], [1, 1]] }]
    redact: { labels: [person, car], fill: pixelate, shape: outline, plainFor: operator }
`);
    expect(config).toEqual({
      server: {
        host: '0.0.0.0',
        port: 0,
        publicUrl: 'https://cameras.example',
        tls: { cert: '/etc/sightline/a.pem', key: '/b.pem' },
        trustedProxies: ['10.0.0.1'],
      },
      ffmpeg: { path: '/etc/sightline/tools/ffmpeg' },
      engine: { workers: 3 },
      data: {
        dir: '/var/lib/sightline',
        auditDays: 30,
        historyAgesMs: { track: 2 * DAY_MS, info: 7 * DAY_MS, warning: 7 * DAY_MS, alert: 30 * DAY_MS },
        snapshotAgesMs: { track: 24 * HOUR_MS, alert: 7 * 24 * HOUR_MS },
        snapshotsBytes: 1e9,
      },
      recording: {
        dir: '/etc/sightline/video',
        reserveBytes: 2e9,
        cold: { dir: '/mnt/archive', afterMs: 12 * HOUR_MS },
      },
      access: {},
      scene: { model: { path: '/etc/sightline/models/street.onnx' } },
      models: [
        {
          id: 'fast',
          source: { path: '/etc/sightline/models/fast.onnx' },
          family: 'yolox',
          provider: 'cuda',
          required: true,
          deviceId: 1,
          memoryLimitMb: 2048,
        },
        { id: 'plain', source: { path: '/models/plain.onnx' }, provider: 'auto', required: false },
        { id: 'pulled', source: { catalogueName: 'yolox-nano' }, provider: 'auto', required: false },
      ],
      cameras: [
        {
          id: 'yard',
          name: 'Back yard',
          source: '/etc/sightline/clips/yard.mp4',
          enabled: false,
          analyse: {
            model: 'fast',
            fps: 2.5,
            longSidePx: 640,
            labels: ['person', 'traffic light'],
            scoreMin: 0.25,
            detectEvery: 'adaptive',
            heads: ['mask'],
            follow: false,
            light: 'auto',
            snapshots: false,
          },
          record: {
            mode: 'events',
            preRollMs: 2000,
            postRollMs: 3000,
            segmentMs: 30_000,
            keepMs: HOUR_MS,
            keepEventMs: 2 * HOUR_MS,
            bytesMax: 4e9,
          },
          historyAgesMs: { track: DAY_MS, info: 3 * DAY_MS },
          snapshots: { agesMs: { info: 12 * HOUR_MS }, bytesMax: 2e9 },
          privacy: [
            { polygon: [[0, 0], [0.5, 0], [0.5, 1]], fill: 'blur' }, // prettier-ignore
            { polygon: [[0.5, 0], [1, 0], [1, 1]], fill: 'black' }, // prettier-ignore
          ],
          redact: { labels: ['person', 'car'], fill: 'pixelate', shape: 'outline', plainFor: 'operator' },
          zones: {},
          lines: {},
          rules: [],
        },
      ],
      rules: [],
      webhooks: [],
    });
  });

  it('covers people with black, for all but administrators, where redaction is asked for and no more is said', () => {
    expect(parse(`${GATE}    redact: {}`).cameras[0]!.redact).toEqual({
      labels: ['person'],
      fill: 'black',
      shape: 'box',
      plainFor: 'admin',
    });
  });

  it('freezes the result at every depth', () => {
    const config = parse(GATE);
    expect(Object.isFrozen(config.server)).toBe(true);
    expect(Object.isFrozen(config.cameras)).toBe(true);
    expect(Object.isFrozen(config.cameras[0]?.analyse.labels)).toBe(true);
  });

  it('keeps device paths as they are', () => {
    const config = parse('cameras: { cam: { source: /dev/video0 } }');
    expect(config.cameras[0]?.source).toBe('/dev/video0');
  });

  it('validates 10,000 cameras', () => {
    const cameras = Array.from({ length: 10_000 }, (_, n) => `  c${n}: { source: "rtsp://10.0.0.1/${n}" }`);
    const started = process.cpuUsage();
    const config = parse(`cameras:\n${cameras.join('\n')}\n`);
    const { user, system } = process.cpuUsage(started);
    expect(config.cameras).toHaveLength(10_000);
    // Some 2 s on one slow core; quadratic work would take minutes.
    expect((user + system) / 1e6).toBeLessThan(10);
  });
});

describe('a refused configuration', () => {
  it.each([
    ['a syntax error', 'cameras:\n  gate: {source: a', 'config/syntax', /^sightline\.yaml:2:\d+: .*YAML/],
    ['junk', '\u0000\u0001 } {', 'config/invalid-value', /^sightline\.yaml:1:1: the file = .*expected object/],
    ['an unclosed string', 'cameras: "', 'config/syntax', /^sightline\.yaml:1:/],
    ['a second document', `${GATE}---\n${GATE}`, 'config/syntax', /^sightline\.yaml:4:/],
    ['C3: a custom tag', 'cameras:\n  gate: { source: !!js/function x }', 'config/syntax', /^sightline\.yaml:2:19/],
    ['an unknown key', `${GATE}    enbaled: true`, 'config/unknown-key', /^sightline\.yaml:4:5: cameras\.gate\.enbaled .*did you mean enabled\?/],
    ['an unknown section', `sever: {port: 1}\n${GATE}`, 'config/unknown-key', /^sightline\.yaml:1:1: sever .*did you mean server\?/],
    ['a model that is not there', `models: { fast: { file: a.onnx } }\n${GATE}    analyse: { model: fsat }`, 'config/invalid-value', /^sightline\.yaml:5:\d+: cameras\.gate\.analyse\.model = "fsat": .*did you mean fast\?/],
    ['a model with a file and a name', `models: { fast: { file: a.onnx, name: yolox-nano } }\n${GATE}`, 'config/invalid-value', /^sightline\.yaml:1:\d+: models\.fast = .*file or a name, and not both/],
    ['a scene without a model', `scene: {}\n${GATE}`, 'config/invalid-value', /scene\.model/],
    ['a scene’s model with a file and a name', `scene: { model: { file: a.onnx, name: b } }\n${GATE}`, 'config/invalid-value', /^sightline\.yaml:1:\d+: scene\.model = .*file or a name, and not both/],
    ['a model with neither', `models: { fast: { provider: cpu } }\n${GATE}`, 'config/invalid-value', /^sightline\.yaml:1:\d+: models\.fast = .*file or a name/],
    ['C5: swapped letters', `${GATE}    anaylse: {}`, 'config/unknown-key', /did you mean analyse\?/],
    ['a key unlike any other', `${GATE}    xyzzy: 1`, 'config/unknown-key', /known here: source, name, enabled, analyse, record, history, snapshots, privacy, redact, zones, lines, calibration, rules$/],
    ['C2: a merge key', `${GATE}    <<: { name: x }`, 'config/unknown-key', /cameras\.gate\.<< is not a known key/],
    ['C2: a prototype key', `${GATE}    __proto__: { name: x }`, 'config/syntax', /^sightline\.yaml:4:5/],
    ['a map as key', '? {a: 1}\n: 2', 'config/syntax', /plain word/],
    ['a head that there is not', `${GATE}    analyse: { heads: [smell] }`, 'config/invalid-value', /^sightline\.yaml:4:\d+: cameras\.gate\.analyse\.heads/],
    ['a port out of range', `server:\n  port: 99999\n${GATE}`, 'config/invalid-value', /^sightline\.yaml:2:9: server\.port = 99999: .*0 to 65535/],
    ['a port that is text', `server: { port: http }\n${GATE}`, 'config/invalid-value', /^sightline\.yaml:1:17: server\.port = "http"/],
    ['a width that is too small', `${GATE}    analyse: { width: 8 }`, 'config/invalid-value', /width = 8: .*64 to 1920/],
    ['a camera without source', 'cameras:\n  gate: { name: Gate }', 'config/invalid-value', /^sightline\.yaml:2:9: cameras\.gate\.source is missing\. .*rtsp/],
    ['a camera that is empty', 'cameras:\n  gate:\n', 'config/invalid-value', /^sightline\.yaml:2:3: cameras\.gate = null/],
    ['a list of cameras', 'cameras: [a]', 'config/invalid-value', /^sightline\.yaml:1:10: cameras = \["a"\]/],
    ['no cameras', 'server: { port: 1 }', 'config/invalid-value', /^sightline\.yaml:1:1: cameras is missing/],
    ['an empty file', '', 'config/invalid-value', /^sightline\.yaml:1:1: cameras is missing/],
    ['a bad camera id', 'cameras:\n  Front Door: { source: a }', 'config/invalid-value', /^sightline\.yaml:2:3: cameras\.Front Door: this is not a camera id.*small letter/],
    ['an unknown label', `${GATE}    analyse:\n      detect: [person, cra]`, 'config/invalid-value', /^sightline\.yaml:5:24: cameras\.gate\.analyse\.detect\[1\] = "cra": .*did you mean car\?/],
    ['a label to cover that the detector lacks', `${GATE}    redact: { labels: [persn] }`, 'config/invalid-value', /^sightline\.yaml:4:\d+: cameras\.gate\.redact\.labels\[0\] = "persn": .*did you mean person\?/],
    ['a redaction for viewers alone', `${GATE}    redact: { plainFor: viewer }`, 'config/invalid-value', /redact\.plainFor = "viewer"/],
    ['an empty list of labels', `${GATE}    analyse: { detect: [] }`, 'config/invalid-value', /detect = \[\]/],
    ['a camera given twice', `${GATE}  gate:\n    source: rtsp://b\n`, 'config/duplicate-key', /^sightline\.yaml:4:3: the camera gate stands on line 2 already/],
    ['camera ids that differ in case', `${GATE}  Gate:\n    source: rtsp://b\n`, 'config/duplicate-key', /^sightline\.yaml:4:3: the camera Gate differs from gate on line 2 only in case/],
    ['a key given twice', `${GATE}    source: rtsp://b\n`, 'config/duplicate-key', /^sightline\.yaml:4:5: the key source stands on line 3 already/],
    ['C6: an unset variable', 'cameras:\n  gate: { source: "rtsp://u:${GATE_PASSWORD}@h" }', 'config/variable-unset', /^sightline\.yaml:2:19: cameras\.gate\.source: .*GATE_PASSWORD is not set/],
    ['a placeholder without a name', 'cameras: { gate: { source: "${}" } }', 'config/variable-unset', /does not name/],
  ])('names place, key and cure of %s', (_, text, code, message) => {
    const error = refusal(text);
    expect({ code: error.code, kind: error.kind }).toEqual({ code, kind: 'input' });
    expect(error.message).toMatch(message);
  }); // prettier-ignore

  it('lists every problem in the order of the file', () => {
    const { message } = refusal(
      'server: { prot: 1 }\ncameras:\n  gate: { source: "", fps: 3 }\n  B: { source: x }\n',
    );
    expect(message.split('\n').map((line) => line.slice(0, 'sightline.yaml:0'.length))).toEqual([
      'sightline.yaml:1',
      'sightline.yaml:3',
      'sightline.yaml:3',
      'sightline.yaml:4',
    ]);
  });

  it('shows at most twenty of many problems', () => {
    const keys = Array.from({ length: 50 }, (_, n) => `k${n}: 1`).join('\n');
    expect(refusal(`${keys}\n${GATE}`).message.split('\n')).toHaveLength(21);
  });

  it('says nothing of passwords, typed in or from a variable', () => {
    const typed = refusal('cameras: { gate: { source: [ "rtsp://u:hunter2@h/" ] } }');
    expect(typed.message).not.toContain('hunter2');
    const filled = refusal('cameras: { gate: { source: "rtsp://u:${P}@h/", nmae: "${P}" } }', {
      P: 'tr0ub4dor',
    });
    expect(filled.message).toContain('nmae');
    expect(filled.message).not.toContain('tr0ub4dor');
  });

  it('C1: refuses an alias bomb within a moment', () => {
    const level = (n: number) =>
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(',')}]`;
    const bomb = `a0: &a0 [x]\n${[1, 2, 3, 4, 5, 6, 7, 8].map(level).join('\n')}\ncameras: {}\n`;
    const startedMs = performance.now();
    const error = refusal(bomb);
    expect(error.code).toBe('config/syntax');
    expect(error.message).toContain('alias');
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });

  it('C4: refuses nesting that no reader could follow', () => {
    expect(refusal(`cameras: ${'['.repeat(20_000)}`).code).toBe('config/syntax');
    expect(refusal(`cameras: ${'['.repeat(200)}${']'.repeat(200)}`).code).toBe('config/invalid-value');
  });
});

describe('environment variables in a configuration', () => {
  const source = (text: string, env: Record<string, string>) =>
    parse(`cameras: { gate: { source: ${JSON.stringify(text)} } }`, env).cameras[0]?.source;

  it('are put in, and masked from then on', () => {
    expect(source('rtsp://u:${PASS_A}@h/s', { PASS_A: 'correct-horse' })).toBe('rtsp://u:correct-horse@h/s');
    expect(redact('it was correct-horse')).toBe('it was ***');
  });

  it('may hold any character within the credentials of a URL', () => {
    expect(source('rtsp://u:${P}@h/s?x=${Q}', { P: 'p@ss/w?rd', Q: 'a=b' })).toBe(
      'rtsp://u:p%40ss%2Fw%3Frd@h/s?x=a=b',
    );
    expect(redact('rtsp://h/p%40ss%2Fw%3Frd and p@ss/w?rd')).toBe('rtsp://h/*** and ***');
  });

  it('cannot add structure to the file', () => {
    expect(source('${INJECTED}', { INJECTED: 'rtsp://x", enabled: false, "' })).toBe(
      'rtsp://x", enabled: false, "',
    );
  });

  it('are left alone after a doubled dollar sign', () => {
    expect(source('http://h/$${NOT_ME}', {})).toBe('http://h/${NOT_ME}');
  });
});
