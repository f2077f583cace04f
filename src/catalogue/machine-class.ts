import type { MachineClass } from './catalogue-schema.js';

/** What of a machine decides which models suit it. */
export interface MachineFacts {
  readonly cores: number;
  /** Flags of the first processor as the kernel lists them; undefined where it does not (Windows, macOS). */
  readonly cpuFlags: readonly string[] | undefined;
  /** Whether there is a GPU that ONNX Runtime has a provider for. */
  readonly hasGpu: boolean;
}

/** Instructions that multiply and add bytes in one: on x86 VNNI, on ARM the dot product. */
const DOT_PRODUCT = ['avx512_vnni', 'avx_vnni', 'asimddp'];

/** The class of a machine, and why, for people. */
export function machineClass({ cores, cpuFlags, hasGpu }: MachineFacts): {
  readonly class: MachineClass;
  readonly why: string;
} {
  const count = `${cores} ${cores === 1 ? 'core' : 'cores'}`;
  if (hasGpu) return { class: 'gpu', why: `${count} and a GPU` };
  const flag = DOT_PRODUCT.find((one) => cpuFlags?.includes(one));
  if (flag !== undefined) return { class: 'vnni-cpu', why: `${count} with ${flag}` };
  return {
    class: 'small-cpu',
    why:
      cpuFlags === undefined
        ? `${count}; what they can do is not told here`
        : `${count} without VNNI or dot product`,
  };
}
