import { readFileSync } from 'node:fs';
import { arch, cpus } from 'node:os';

/** Instructions that add products of bytes without saturating, as Linux names them. */
const DOT_PRODUCT = ['avx512_vnni', 'avx_vnni', 'asimddp'];

/** The processor's name, and which instructions it has for int8: figures are worth nothing without. */
export function processorName(): string {
  const [first] = cpus();
  return `${first?.model.trim() ?? arch()} (${dotProduct() ?? 'no dot product for int8'})`;
}

/**
 * Bits of int8 weights for this processor: AVX2 saturates where two products of full bytes are added, which one bit less prevents.
 * Where nothing is known (not Linux), the safe number.
 */
export function defaultWeightBits(): 7 | 8 {
  return dotProduct() === undefined ? 7 : 8;
}

function dotProduct(): string | undefined {
  try {
    const flags = new Set(readFileSync('/proc/cpuinfo', 'utf8').split(/\s+/));
    return DOT_PRODUCT.find((name) => flags.has(name));
  } catch {
    return undefined;
  }
}
