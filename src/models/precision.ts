import { nodesOf, tensorsOf } from './graph-walk.js';
import { TensorProto_DataType as DataType, type ModelProto } from './onnx/gen/onnx_pb.js';

/** What a model computes in: `int8` where it was quantised, though some of its operators are left in floating point. */
export type Precision = 'float32' | 'float16' | 'int8';

/** `QLinearConv`, `ConvInteger`, `DynamicQuantizeLinear`, `QuantizeLinear`, … */
const QUANTISED = /^(?:QLinear|QGemm|DynamicQuantize|QuantizeLinear$|MatMulInteger|ConvInteger)/;

/** What a model computes in, by its operators, and by which type most of its weights have. Reads no weights. */
export function precisionOf(model: ModelProto): Precision {
  for (const { opType } of nodesOf(model)) if (QUANTISED.test(opType)) return 'int8';
  let [whole, half] = [0, 0];
  for (const { dataType, dims } of tensorsOf(model)) {
    const count = dims.reduce((product, length) => product * Number(length), 1);
    if (dataType === Number(DataType.FLOAT)) whole += count;
    else if (dataType === Number(DataType.FLOAT16)) half += count;
  }
  return half > whole ? 'float16' : 'float32';
}
