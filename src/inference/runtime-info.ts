import { fork } from 'node:child_process';
import { once } from 'node:events';
import { AppError, entryFile } from '../base/index.js';
import { AUTO_PROVIDER, providersToTry, type Provider } from './provider.js';

/** One execution provider, tried on this machine. */
export interface TriedProvider {
  readonly name: Provider;
  /** Whether `provider: auto` tries it; the others are for those who ask for them. */
  readonly isAuto: boolean;
  /** Why it cannot be used; absent when it can. */
  readonly reason?: string;
}

/** The ONNX Runtime in use, and where it can run models on this machine. */
export interface RuntimeInfo {
  readonly version: string;
  /** In the order in which `auto` tries them, then the others. */
  readonly providers: readonly TriedProvider[];
}

/** Child to parent: the runtime's version, then one for each provider. */
export type TrialAnswer = { readonly version: string } | Omit<TriedProvider, 'isAuto'>;

const ON_REQUEST: readonly Provider[] = ['tensorrt', 'cuda', 'webgpu', 'coreml', 'dml'];
const TRIAL_LIMIT_MS = 60_000;

/**
 * Describes ONNX Runtime, and tries each provider with a model of one operator, in a process of its own.
 *
 * @throws {AppError} `inference/worker-died` when the runtime does not even load
 */
export async function runtimeInfo(): Promise<RuntimeInfo> {
  const auto = providersToTry(AUTO_PROVIDER, process.platform);
  const providers: TriedProvider[] = [];
  const note = (answer: Omit<TriedProvider, 'isAuto'>) =>
    providers.push({ ...answer, isAuto: auto.includes(answer.name) });
  let version: string | undefined;
  let left = [...auto, ...ON_REQUEST.filter((name) => !auto.includes(name))];
  while (left.length > 0) {
    const { answers, ending } = await tryProviders(left);
    for (const answer of answers) {
      if ('version' in answer) version = answer.version;
      else note(answer);
    }
    if (version === undefined)
      throw new AppError('inference/worker-died', 'unavailable', `ONNX Runtime does not load (${ending}).`);
    left = left.filter((name) => !providers.some((tried) => tried.name === name));
    const [fatal] = left;
    if (fatal !== undefined) note({ name: fatal, reason: `trying it ends the process (${ending})` });
    left = left.slice(1);
  }
  return { version: version!, providers };
}

async function tryProviders(names: readonly Provider[]) {
  const answers: TrialAnswer[] = [];
  const child = fork(entryFile(import.meta.url, './runtime-info-child.js'), names, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    timeout: TRIAL_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  child.on('message', (answer: TrialAnswer) => answers.push(answer));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { answers, ending: signal ?? `exit code ${code}` };
}
