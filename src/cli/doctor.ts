import { availableParallelism, totalmem } from 'node:os';
import { encodeError, redact, toAppError, type AppError, type EncodedError } from '../base/index.js';
import { loadConfig, type Environment } from '../config/index.js';
import { runtimeInfo, type RuntimeInfo } from '../inference/index.js';
import { findFfmpeg, hardwareDecoders, probeSource, type Ffmpeg, type StreamFacts } from '../media/index.js';
import { examinePostgres, type DatabaseFacts } from '../store/index.js';
import type { CliIo } from './cli-io.js';
import { packageVersion } from './package-version.js';
import { table } from './table.js';
import { usualConfigFile } from './usual-config-file.js';

const PROBE_TIMEOUT_MS = 15_000;
const GIB = 1024 ** 3;

/** The arguments and flags of `sightline doctor`. */
export interface DoctorOptions {
  readonly source?: string;
  readonly config?: string;
  readonly json?: true;
  readonly ffmpegPath?: string;
}

/** A part that was examined: what it is, or what is wrong and what to do. */
type Examined<T> = { readonly found: T } | { readonly error: AppError };

interface DoctorReport {
  readonly sightline: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  /** What this process may use: the machine's memory, or less within a container. */
  readonly memoryBytes: number;
  readonly ffmpeg: Examined<Ffmpeg & { readonly hardwareDecoders: readonly string[] }>;
  readonly onnxruntime: Examined<RuntimeInfo>;
  /** Where a configuration names a database. */
  readonly database?: Examined<DatabaseFacts>;
  readonly stream?: Examined<StreamFacts>;
}

/**
 * `sightline doctor`: prints what this machine can do and what a stream is.
 *
 * @throws {AppError} what is wrong first, after the whole report is printed
 */
export async function doctor(options: DoctorOptions, io: CliIo): Promise<void> {
  const report = await examine(options, io.env);
  io.stdout.write(redact(options.json === true ? reportJson(report) : reportText(report, options.source)));
  for (const part of [report.ffmpeg, report.onnxruntime, report.database, report.stream]) {
    if (part !== undefined && 'error' in part) throw part.error;
  }
}

async function examine(
  { source, config, ffmpegPath }: DoctorOptions,
  env: Environment,
): Promise<DoctorReport> {
  const ffmpeg = await outcome(async () => {
    const found = await findFfmpeg({
      env,
      ...(ffmpegPath === undefined ? {} : { configuredPath: ffmpegPath }),
    });
    return { ...found, hardwareDecoders: await hardwareDecoders(found) };
  });
  const database = await databaseOf(config, env);
  const limitBytes = process.constrainedMemory();
  return {
    sightline: packageVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memoryBytes: limitBytes > 0 ? Math.min(limitBytes, totalmem()) : totalmem(),
    ffmpeg,
    onnxruntime: await outcome(runtimeInfo),
    ...(database === undefined ? {} : { database }),
    ...(source === undefined || 'error' in ffmpeg
      ? {}
      : {
          stream: await outcome(() =>
            probeSource({ ffmpeg: ffmpeg.found, source, timeoutMs: PROBE_TIMEOUT_MS }),
          ),
        }),
  };
}

/** What the database of a configuration is, if it has one. The usual file is passed over where it cannot be read: its variables may be set for the server alone. */
async function databaseOf(
  named: string | undefined,
  env: Environment,
): Promise<Examined<DatabaseFacts> | undefined> {
  const file = named ?? usualConfigFile();
  if (file === undefined) return undefined;
  const loaded = await outcome(() => loadConfig(file, env));
  if ('error' in loaded) return named === undefined ? undefined : loaded;
  const { postgresUrl } = loaded.found.data;
  return postgresUrl === undefined ? undefined : outcome(() => examinePostgres(postgresUrl));
}

async function outcome<T>(examination: () => T | Promise<T>): Promise<Examined<T>> {
  try {
    return { found: await examination() };
  } catch (error) {
    return { error: toAppError(error) };
  }
}

function reportJson({ ffmpeg, onnxruntime, database, stream, ...machine }: DoctorReport): string {
  const plain = <T>(part: Examined<T>): T | { error: Omit<EncodedError, 'stack'> } => {
    if ('found' in part) return part.found;
    const { code, kind, message } = encodeError(part.error);
    return { error: { code, kind, message } };
  };
  const parts = {
    ffmpeg: plain(ffmpeg),
    onnxruntime: plain(onnxruntime),
    ...(database === undefined ? {} : { database: plain(database) }),
    ...(stream === undefined ? {} : { stream: plain(stream) }),
  };
  return `${JSON.stringify({ ...machine, ...parts }, null, 2)}\n`;
}

function reportText(report: DoctorReport, source: string | undefined): string {
  return table([
    ['sightline', report.sightline],
    ['node', `${report.node} on ${report.platform}`],
    ['cores', String(report.cores)],
    ['memory', `${(report.memoryBytes / GIB).toFixed(1)} GiB`],
    ...part('ffmpeg', report.ffmpeg, ffmpegRows),
    ...part('onnxruntime', report.onnxruntime, runtimeRows),
    ...(report.database === undefined ? [] : part('database', report.database, databaseRows)),
    ['cameras', 'how many this machine carries is measured by: sightline bench'],
    ...(source === undefined ? [] : [['source', source]]),
    ...(report.stream === undefined ? [] : part('stream', report.stream, streamRows)),
  ]);
}

function part<T>(name: string, examined: Examined<T>, rows: (found: T) => string[][]): string[][] {
  return 'error' in examined ? [[name, `PROBLEM: ${examined.error.message}`]] : rows(examined.found);
}

function ffmpegRows(ffmpeg: Ffmpeg & { readonly hardwareDecoders: readonly string[] }): string[][] {
  const { capabilities } = ffmpeg;
  const wanted = ['rtmp', 'srt', 'https'];
  const missing = wanted.filter((name) => !capabilities.protocols.includes(name));
  return [
    ['ffmpeg', `${ffmpeg.version} (${ffmpeg.origin}) ${ffmpeg.path}`],
    ...ffmpeg.passedOver.map((reason) => ['', `passed over: ${reason}`]),
    ['', missing.length === 0 ? 'reads RTSP, RTMP, SRT and HTTPS' : `cannot read ${missing.join(', ')}`],
    ...(capabilities.encodesH264
      ? []
      : [['', 'cannot encode H.264: sources in other codecs have no live view']]),
    ['hw decoding', ffmpeg.hardwareDecoders.join(', ') || 'none built in'],
  ];
}

function runtimeRows({ version, providers }: RuntimeInfo): string[][] {
  const chosen = providers.find(({ reason, isAuto }) => isAuto && reason === undefined);
  return [
    ['onnxruntime', version],
    ...providers.map(({ name, reason, isAuto }, index) => [
      index === 0 ? 'providers' : '',
      reason === undefined
        ? `${name}: ${name === chosen?.name ? 'works, and is what auto takes' : 'works'}`
        : `${name}: cannot be used${isAuto ? ' (auto tries it)' : ''}: ${reason}`,
    ]),
  ];
}

function databaseRows({
  version,
  usesVectors,
  vectorReason,
  commitMs,
  isDurable,
}: DatabaseFacts): string[][] {
  return [
    ['database', `PostgreSQL ${version}, a commit takes ${commitMs.toFixed(1)} ms`],
    [
      '',
      usesVectors
        ? 'pgvector compares how tracks look'
        : `this process compares how tracks look: ${vectorReason}`,
    ],
    ...(isDurable
      ? []
      : [['', 'PROBLEM: fsync or full_page_writes is off: events may be lost with the power']]),
  ];
}

function streamRows({ codec, widthPx, heightPx, fps, durationMs, container }: StreamFacts): string[][] {
  const facts = [
    codec,
    `${widthPx}×${heightPx}`,
    ...(fps === undefined ? [] : [`${fps} fps`]),
    ...(durationMs === undefined ? [] : [`${(durationMs / 1000).toFixed(1)} s`]),
    container,
  ];
  return [['stream', facts.join(', ')]];
}
