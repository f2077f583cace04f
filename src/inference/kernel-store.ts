import { AppError } from '../base/index.js';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Kernels in shared memory, as they cross to a worker. */
export interface KernelMemory {
  /** A word for each slot, 1 once there is a kernel in it; then the kernels. */
  readonly memory: SharedArrayBuffer;
  readonly slots: number;
  /** Numbers of one kernel. */
  readonly kernelLength: number;
}

/**
 * Room for the kernels of a camera's templates, in numbered slots of one SharedArrayBuffer that every worker reads and writes. Which
 * slot is whose is known to the thread that made the store alone. A slot must not be searched for while its template is being made.
 */
export class KernelStore implements KernelMemory {
  readonly memory: SharedArrayBuffer;
  readonly slots: number;
  readonly kernelLength: number;
  readonly #free: number[];

  constructor(kernelLength: number, slots: number) {
    this.kernelLength = kernelLength;
    this.slots = slots;
    this.memory = new SharedArrayBuffer(slots * (1 + kernelLength) * BYTES);
    this.#free = Array.from({ length: slots }, (_, i) => slots - 1 - i);
  }

  /** Slots that are still to be had. */
  get free(): number {
    return this.#free.length;
  }

  /** A slot without a kernel, or undefined when all are taken. */
  take(): number | undefined {
    return this.#free.pop();
  }

  /** Gives a taken slot back; nothing may be searching for it any more. */
  release(slot: number): void {
    if (!(slot >= 0 && slot < this.slots) || this.#free.includes(slot))
      throw new Error(`slot ${slot} is not taken`);
    filledSlots(this)[slot] = 0;
    this.#free.push(slot);
  }
}

/** Which slots hold a kernel. */
function filledSlots({ memory, slots }: KernelMemory): Int32Array {
  return new Int32Array(memory, 0, slots);
}

/** Reads and writes kernels by slot, in any thread. */
export class KernelSlots {
  readonly #filled: Int32Array;
  readonly #kernels: Float32Array;
  readonly #memory: KernelMemory;

  /** @throws {AppError} `inference/bad-job` when the memory is not as large as it says, or for kernels of another model */
  constructor(memory: KernelMemory, kernelLength: number) {
    const { slots } = memory;
    const isWhole =
      memory.kernelLength === kernelLength && memory.memory.byteLength === slots * (1 + kernelLength) * BYTES;
    if (!isWhole)
      throw badSlot(
        `${memory.memory.byteLength} bytes for ${slots} kernels of ${memory.kernelLength} numbers do not fit a follower with ${kernelLength}`,
      );
    this.#memory = memory;
    this.#filled = filledSlots(memory);
    this.#kernels = new Float32Array(memory.memory, slots * BYTES);
  }

  /** @throws {AppError} `inference/bad-job` for a slot that the store does not have */
  write(slot: number, kernel: Float32Array): void {
    this.#check(slot);
    this.#kernels.set(kernel, slot * this.#memory.kernelLength);
    Atomics.store(this.#filled, slot, 1);
  }

  /**
   * Copies a kernel to the start of `target`.
   * @throws {AppError} `inference/bad-job` for a slot that the store does not have, or that no template was made for
   */
  read(slot: number, target: Float32Array): void {
    this.#check(slot);
    if (Atomics.load(this.#filled, slot) !== 1) throw badSlot(`slot ${slot} holds no template`);
    const { kernelLength } = this.#memory;
    target.set(this.#kernels.subarray(slot * kernelLength, (slot + 1) * kernelLength));
  }

  #check(slot: number): void {
    if (Number.isInteger(slot) && slot >= 0 && slot < this.#memory.slots) return;
    throw badSlot(`there is no slot ${slot}; there are ${this.#memory.slots}`);
  }
}

function badSlot(why: string): AppError {
  return new AppError('inference/bad-job', 'input', `Nothing can be followed: ${why}.`);
}
