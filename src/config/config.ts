import path from 'node:path';
import type { Environment } from './environment.js';
import { overridesFrom } from './overrides.js';
import { readConfigOf, type ReadConfig } from './read-schema.js';
import type { RedactConfig } from './redact-schema.js';
import type { CameraRules, TemporalRuleConfig } from './rules-schema.js';
import { historyAgesMsOf, type HistoryAgesMs } from './history-schema.js';
import { sourceOf } from './source-address.js';
import { agesMsOf, type SnapshotAgesMs } from './snapshots-schema.js';
import { recordDefaults, type ConfigFile } from './schema.js';

/** The detector that comes with Sightline, unless the configuration has one of this id. */
export const DEFAULT_MODEL_ID = 'default';

/** A detector that cameras may ask for. */
export interface ModelConfig {
  readonly id: string;
  /** An ONNX file by its absolute path, or a model of the catalogue by its name. */
  readonly source: { readonly path: string } | { readonly catalogueName: string };
  readonly family?: string;
  readonly provider: 'auto' | 'tensorrt' | 'cuda' | 'webgpu' | 'coreml' | 'dml' | 'cpu';
  /** True: never on another provider. */
  readonly required: boolean;
  readonly deviceId?: number;
  readonly memoryLimitMb?: number;
}

/** How the pictures of one camera are analysed. */
export interface AnalyseConfig {
  /** Id of a {@link ModelConfig}, or {@link DEFAULT_MODEL_ID}. */
  readonly model: string;
  /** Highest number of pictures analysed a second. */
  readonly fps: number;
  /** Longer side of the analysed picture, px; the aspect is kept. */
  readonly longSidePx: number;
  /** Labels to report; empty: all that the model knows. */
  readonly labels: readonly string[];
  /** Lowest score that may start a track, 0..1. */
  readonly scoreMin: number;
  /** The detector looks at each n-th picture, or as often as what happens asks for; tracks are followed through the others. */
  readonly detectEvery: number | 'adaptive';
  /** Whether a Siamese network searches for tracks where the detector does not see them. */
  readonly follow: boolean;
  /** What else is found out about tracks. */
  readonly heads: readonly ('mask' | 'text')[];
  /** How the head `text` reads; there where it is among the heads. */
  readonly read?: ReadConfig;
  /** The light in which the detector sees pictures: as they are, changed while that helps, or always changed by one method. */
  readonly light: ConfigFile['cameras'][string]['analyse']['light'];
  /** Whether the best picture of each track, how it looks, and a picture of each event are kept. */
  readonly snapshots: boolean;
}

/** What is recorded of one camera, and how long it is kept. */
export interface RecordConfig {
  readonly mode: 'off' | 'continuous' | 'events' | 'tracks';
  readonly preRollMs: number;
  readonly postRollMs: number;
  readonly segmentMs: number;
  readonly keepMs: number;
  /** Of what belongs to events. */
  readonly keepEventMs: number;
  /** Absent: as much as the disk holds. */
  readonly bytesMax?: number;
}

/** Where recordings are kept; paths are absolute. */
export interface RecordingConfig {
  readonly dir: string;
  /** Absent: a twentieth of the disk, at most 5 GB. */
  readonly reserveBytes?: number;
  readonly cold?: { readonly dir: string; readonly afterMs: number };
}

/** A part of the picture that is masked. */
export interface PrivacyMaskConfig {
  readonly polygon: readonly (readonly [x: number, y: number])[];
  readonly fill: 'black' | 'blur' | 'pixelate';
}

/** One camera as configured. `source` may hold a password: mask it before it is shown. */
export interface CameraConfig extends CameraRules {
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** A URL, a device, or the absolute path of a file. Holds the secrets that stood as `${VARIABLE}` in the file. */
  readonly source: string;
  /** False: known, but not connected to. */
  readonly enabled: boolean;
  readonly analyse: AnalyseConfig;
  readonly record: RecordConfig;
  /** Where its tracks and events are kept for another time than those of others. */
  readonly historyAgesMs?: Partial<HistoryAgesMs>;
  /** Where its pictures are kept for another time than those of others; `bytesMax` is the most that they may take. */
  readonly snapshots?: { readonly agesMs: SnapshotAgesMs; readonly bytesMax?: number };
  /** Parts of the picture, as shares of it, that nothing behind the connection sees. */
  readonly privacy: readonly PrivacyMaskConfig[];
  /** What is covered in its pictures, for those below the role `plainFor`; absent: nothing. */
  readonly redact?: RedactConfig;
}

/** A receiver of messages. `url` and `secret` are never shown: addresses often hold a token. */
export interface WebhookConfig {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly topics: readonly ('event' | 'track' | 'camera')[];
  /** In place of topics. */
  readonly types?: readonly string[];
  readonly cameras: readonly string[] | '*';
}

/** The broker that is told. `password` is never shown. Paths are absolute. */
export interface MqttConfig {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly clientId: string;
  readonly topicPrefix: string;
  readonly qos: 1 | 2;
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly homeAssistant: { readonly enabled: boolean; readonly discoveryPrefix: string };
}

/** An OpenID Connect provider that people may sign in at. `clientSecret` is never shown. */
export interface OidcConfig {
  /** As people call it. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Absolute path of a file with the secret, in its place. */
  readonly clientSecretFile?: string;
  /** Beside `openid`. */
  readonly scopes: readonly string[];
  /** Names of claims; dots lead into objects. */
  readonly nameClaim: string;
  readonly rolesClaim: string;
  /** Values of the claim by role. */
  readonly roles: Readonly<Record<'viewer' | 'operator' | 'admin', readonly string[]>>;
  /** What viewers and operators see from their first sign-in on. */
  readonly cameras: '*' | readonly string[];
}

/** The whole configuration, checked, complete and deeply frozen. */
export interface Config {
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** The address that people type where it is another one. */
    readonly publicUrl?: string;
    /** Absolute paths of PEM files. */
    readonly tls?: { readonly cert: string; readonly key: string };
    /** Addresses of proxies whose `X-Forwarded-For` is believed. */
    readonly trustedProxies: readonly string[];
  };
  /** `path` is absolute; absent: chosen by `media/`. */
  readonly ffmpeg: { readonly path?: string };
  /** `workers` absent: one per core. */
  readonly engine: { readonly workers?: number };
  /** `dir` is absolute. */
  readonly data: {
    readonly dir: string;
    /** URL of the database that keeps everything but recordings. Never shown. */
    readonly postgresUrl?: string;
    /** What ended so long ago is deleted, but marked events. */
    readonly historyAgesMs: HistoryAgesMs;
    /** Entries of the audit log. */
    readonly auditDays: number;
    /** How long pictures are kept; never longer than what they show. */
    readonly snapshotAgesMs: SnapshotAgesMs;
    /** Most that pictures of tracks and events may take. */
    readonly snapshotsBytes: number;
  };
  readonly recording: RecordingConfig;
  /** Users are in the store; this is who else may vouch for somebody. */
  readonly access: { readonly oidc?: OidcConfig };
  readonly models: readonly ModelConfig[];
  /** What proposes zones; absent: nothing does. */
  readonly scene?: { readonly model: ModelConfig['source'] };
  /** In the order of the file; ids are unique. */
  readonly cameras: readonly CameraConfig[];
  /** Rules about events, of one camera or several. */
  readonly rules: readonly TemporalRuleConfig[];
  readonly webhooks: readonly WebhookConfig[];
  readonly mqtt?: MqttConfig;
}

function freezeDeep<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) freezeDeep(inner as object);
  }
  return Object.freeze(value);
}

/** Without the keys that are there and undefined. */
function definedOf<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function dataOf(data: ConfigFile['data'], dir: string): Config['data'] {
  const { postgres: postgresUrl, snapshotsGb, snapshots, auditDays, history, tracksDays, eventsDays } = data;
  return {
    ...{ dir, auditDays, ...definedOf({ postgresUrl }) },
    historyAgesMs: historyAgesMsOf({ ...history, tracksDays, eventsDays }),
    snapshotAgesMs: agesMsOf(snapshots),
    snapshotsBytes: snapshotsGb * BYTES_PER_GB,
  };
}

const HOUR_MS = 3600_000;
const BYTES_PER_GB = 1e9;

function toRecordConfig(record: ConfigFile['cameras'][string]['record']): RecordConfig {
  return {
    mode: record.mode,
    preRollMs: record.preRollSeconds * 1000,
    postRollMs: record.postRollSeconds * 1000,
    segmentMs: record.segmentSeconds * 1000,
    keepMs: record.keepHours * HOUR_MS,
    keepEventMs: record.keepEventHours * HOUR_MS,
    ...(record.maxGb === undefined ? {} : { bytesMax: record.maxGb * BYTES_PER_GB }),
  };
}

/** What is recorded of a camera that the configuration does not have (any more). */
export const DEFAULT_RECORD: RecordConfig = toRecordConfig(recordDefaults());

function toRecordingConfig(
  { dir, reserveGb, cold }: ConfigFile['recording'],
  baseDir: string,
  dataDir: string,
): RecordingConfig {
  return {
    dir: dir === undefined ? path.join(dataDir, 'recordings') : path.resolve(baseDir, dir),
    ...(reserveGb === undefined ? {} : { reserveBytes: reserveGb * BYTES_PER_GB }),
    ...(cold === undefined
      ? {}
      : { cold: { dir: path.resolve(baseDir, cold.dir), afterMs: cold.afterHours * HOUR_MS } }),
  };
}

/**
 * Turns a parsed file into the configuration in force; relative paths are taken from `baseDir`, and the
 * environment's `SIGHTLINE_*` settings come before the file's.
 *
 * @throws {AppError} `config/invalid-value` for a setting in the environment
 */
export function toConfig(file: ConfigFile, baseDir: string, env: Environment): Config {
  const { server, dataDir } = overridesFrom(env);
  const { path: ffmpegPath } = file.ffmpeg;
  const { workers } = file.engine;
  const dataPath = dataDir ?? path.resolve(baseDir, file.data.dir);
  return freezeDeep<Config>({
    server: serverOf({ ...file.server, ...server }, baseDir),
    ffmpeg: ffmpegPath === undefined ? {} : { path: path.resolve(baseDir, ffmpegPath) },
    engine: workers === undefined ? {} : { workers },
    data: dataOf(file.data, dataPath),
    recording: toRecordingConfig(file.recording, baseDir, dataPath),
    access: accessOf(file.access, baseDir),
    models: Object.entries(file.models).map(([id, { file: modelFile, name, ...model }]) => ({
      id,
      source: modelSource({ file: modelFile, name }, baseDir),
      ...definedOf(model),
    })),
    ...(file.scene !== undefined && { scene: { model: modelSource(file.scene.model, baseDir) } }),
    cameras: Object.entries(file.cameras).map(([id, camera]) => ({
      id,
      name: camera.name ?? id,
      source: sourceOf(camera.source, baseDir, dataPath),
      enabled: camera.enabled,
      analyse: {
        model: camera.analyse.model,
        fps: camera.analyse.fps,
        longSidePx: camera.analyse.width,
        labels: camera.analyse.detect ?? [],
        scoreMin: camera.analyse.scoreMin,
        detectEvery: camera.analyse.detectEvery,
        follow: camera.analyse.follow,
        heads: camera.analyse.heads,
        ...(camera.analyse.heads.includes('text') && { read: readConfigOf(camera.analyse.read) }),
        light: camera.analyse.light,
        snapshots: camera.analyse.snapshots,
      },
      record: toRecordConfig(camera.record),
      ...(camera.history !== undefined && { historyAgesMs: agesMsOf(camera.history) }),
      ...(camera.snapshots !== undefined && { snapshots: snapshotsOf(camera.snapshots) }),
      privacy: camera.privacy,
      ...(camera.redact !== undefined && { redact: camera.redact }),
      zones: camera.zones,
      lines: camera.lines,
      ...(camera.calibration !== undefined && { calibration: camera.calibration }),
      rules: camera.rules,
    })),
    rules: file.rules,
    webhooks: Object.entries(file.webhooks).map(([id, { topics, ...webhook }]) => ({
      id,
      topics: topics ?? (['event'] as const),
      ...definedOf(webhook),
    })),
    ...(file.mqtt !== undefined && { mqtt: mqttOf(file.mqtt, baseDir) }),
  });
}

function modelSource(
  { file, name = '' }: { readonly file?: string | undefined; readonly name?: string | undefined },
  baseDir: string,
): ModelConfig['source'] {
  return file === undefined ? { catalogueName: name } : { path: path.resolve(baseDir, file) };
}

function snapshotsOf({
  maxGb,
  ...ages
}: NonNullable<ConfigFile['cameras'][string]['snapshots']>): NonNullable<CameraConfig['snapshots']> {
  return { agesMs: agesMsOf(ages), ...(maxGb !== undefined && { bytesMax: maxGb * BYTES_PER_GB }) };
}

function accessOf({ oidc }: ConfigFile['access'], baseDir: string): Config['access'] {
  if (oidc === undefined) return {};
  const { clientSecretFile: file, ...rest } = oidc;
  const secretFile = file === undefined ? {} : { clientSecretFile: path.resolve(baseDir, file) };
  return { oidc: { ...definedOf(rest), ...secretFile } };
}

function mqttOf({ tls, ...mqtt }: NonNullable<ConfigFile['mqtt']>, baseDir: string): MqttConfig {
  const paths = Object.entries(definedOf(tls)).map(([key, file]) => [key, path.resolve(baseDir, file)]);
  return { ...definedOf(mqtt), tls: Object.fromEntries(paths) as MqttConfig['tls'] };
}

function serverOf({ publicUrl, tls, ...server }: ConfigFile['server'], baseDir: string): Config['server'] {
  return {
    ...server,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(tls === undefined
      ? {}
      : { tls: { cert: path.resolve(baseDir, tls.cert), key: path.resolve(baseDir, tls.key) } }),
  };
}
