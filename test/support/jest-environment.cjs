const { TestEnvironment } = require('jest-environment-node');

const SHARED_GLOBALS = [
  'Float32Array', 'Float64Array', 'Uint8Array', 'Int8Array', 'Uint16Array', 'Int16Array', 'Int32Array',
  'Uint32Array', 'BigInt64Array', 'BigUint64Array', 'Uint8ClampedArray', 'ArrayBuffer', 'SharedArrayBuffer',
]; // prettier-ignore

/**
 * Jest's own realm with the outer realm's typed arrays: onnxruntime-node checks tensors with `instanceof`
 * against the realm it was loaded in, and without this `session.run` refuses every input.
 */
module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of SHARED_GLOBALS) this.global[name] = globalThis[name];
  }
};
