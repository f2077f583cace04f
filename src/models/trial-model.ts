import { GraphBuilder } from './onnx/graph-builder.js';

/** A model as small as can be, to find out whether a device runs any: `sum` float32 [1] is twice its input `value`. */
export function trialModel(): Uint8Array {
  const builder = new GraphBuilder();
  builder.input('value', 'float32', [1]);
  builder.node('Add', ['value', 'value'], {}, 'sum');
  builder.output('sum', [1]);
  return builder.build('trial');
}
