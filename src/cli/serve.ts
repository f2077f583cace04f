import path from 'node:path';
import { createLog, redact, systemClock, type LogLevel } from '../base/index.js';
import { demoConfig, demoText, loadConfig, type Config, type Environment } from '../config/index.js';
import { COCO_CLASSES } from '../models/index.js';
import type { CliIo } from './cli-io.js';
import { packageVersion } from './package-version.js';
import { closeOnSignal, exitOnDefect } from './process-end.js';
import { prettyLine } from './pretty-log.js';
import { USUAL_CONFIG_FILE, usualConfigFile } from './usual-config-file.js';

/** The flags of `sightline serve`. */
export interface ServeOptions {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly logLevel: LogLevel;
}

/**
 * `sightline serve`: runs the server until SIGINT or SIGTERM.
 *
 * @throws {AppError} `config/*`, and whatever keeps the server from starting
 */
export async function serve(options: ServeOptions, io: CliIo): Promise<void> {
  const env = withFlags(options, io.env);
  const configPath = options.config ?? usualConfigFile();
  const config = configPath === undefined ? demoConfig(env) : await loadConfig(configPath, env, COCO_CLASSES);

  const log = createLog(options.logLevel, logSink(io));
  exitOnDefect(log);

  const { App } = await import('../app/index.js');
  const app = await App.open({
    config,
    configPath: path.resolve(configPath ?? USUAL_CONFIG_FILE),
    ...(configPath === undefined && { unsavedConfig: demoText() }),
    env,
    log,
    clock: systemClock,
    version: packageVersion(),
    onProgress: (what) => log.info({}, what),
  });
  // Before it is said that it runs: who reads that may end it at once.
  const ended = closeOnSignal(() => app.close(), log);
  io.stdout.write(redact(`${banner(app, config, configPath)}\n`));
  await ended;
}

/** The flags as the `SIGHTLINE_*` settings that they stand for, so that they also hold when the file is read again. */
function withFlags({ host, port }: ServeOptions, env: Environment): Environment {
  return {
    ...env,
    ...(host === undefined ? {} : { SIGHTLINE_HOST: host }),
    ...(port === undefined ? {} : { SIGHTLINE_PORT: String(port) }),
  };
}

function logSink({ env, stderr }: CliIo): (line: string) => void {
  if (stderr.isTTY !== true) return (line) => stderr.write(line);
  const hasColours = !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return (line) => stderr.write(prettyLine(line, hasColours));
}

function banner(
  { url, setupCode }: { url: string; setupCode: string | undefined },
  config: Config,
  configPath: string | undefined,
): string {
  const cameras = config.cameras.filter((camera) => camera.enabled);
  const widthMax = Math.max(0, ...cameras.map(({ id }) => id.length));
  return [
    `listening on ${url}`,
    ...(setupCode === undefined
      ? []
      : [
          `no users yet: make the first administrator on that page, with the setup code ${setupCode} (for 60 minutes)`,
        ]),
    configPath === undefined
      ? `no configuration: showing the demo camera; what is added on that page is saved in ${USUAL_CONFIG_FILE}`
      : `configuration ${configPath}: changes are applied when saved`,
    ...cameras.map(({ id, source }) => `  ${id.padEnd(widthMax)}  ${source}`),
  ].join('\n');
}
