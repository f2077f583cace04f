import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { MachineFacts } from './machine-class.js';

/** Device nodes of NVIDIA's driver, and of a GPU within WSL. */
const GPU_DEVICES = ['/dev/nvidia0', '/dev/dxg'];

/** Looks at the processors and for a GPU; nothing is loaded or run. */
export async function machineFacts(): Promise<MachineFacts> {
  const cpuinfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  // x86 says flags, ARM says Features.
  const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo)?.[1];
  return {
    cores: cpus().length,
    cpuFlags: flags?.trim().split(/\s+/),
    hasGpu: GPU_DEVICES.some((device) => existsSync(device)),
  };
}
