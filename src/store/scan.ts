import { SCAN_WASM } from './scan-wasm.js';

/** Memory of a WebAssembly module; `buffer` is another one after it grew. */
export interface ScanMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** `scan.wat`: a few instructions in WebAssembly, since JavaScript has none that multiply several numbers at once. */
export interface Scan {
  readonly memory: ScanMemory;
  /** Products of a query with vectors; all places are bytes within the memory, see `scan.wat`. */
  scan(query: number, vectors: number, count: number, chunks: number, scores: number): void;
}

/** As far as it is used here: Node has it, and its types are those of browsers. */
interface WebAssemblyGlobal {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

/** A module with a memory of its own. */
export function openScan(): Scan {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyGlobal }).WebAssembly;
  return new Instance(new Module(Buffer.from(SCAN_WASM, 'base64'))).exports as Scan;
}
