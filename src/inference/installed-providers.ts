import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Provider } from './provider.js';

/** Libraries that are not part of ONNX Runtime's package, and what fetches them. */
const SEPARATE: Partial<Record<Provider, string>> = {
  cuda: 'onnxruntime_providers_cuda',
  tensorrt: 'onnxruntime_providers_tensorrt',
};

/** Why a provider cannot be tried on this machine, found out without trying it: the runtime would complain on stderr. */
export function whyNotInstalled(provider: Provider): string | undefined {
  const { platform, arch } = process;
  if (provider === 'coreml' && platform !== 'darwin') return 'there is CoreML on macOS only';
  if (provider === 'dml' && platform !== 'win32') return 'there is DirectML on Windows only';
  const library = SEPARATE[provider];
  if (library === undefined) return undefined;
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  const root = entry.slice(0, entry.lastIndexOf('onnxruntime-node') + 'onnxruntime-node'.length);
  const file = platform === 'win32' ? `${library}.dll` : `lib${library}.so`;
  if (existsSync(path.join(root, 'bin', 'napi-v6', platform, arch, file))) return undefined;
  return `its library ${file} is not installed (npm run gpu:cuda fetches it)`;
}
