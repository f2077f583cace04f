import { TensorProto_DataType as DataType, type TensorProto } from './gen/onnx_pb.js';

/** The values of an int64 tensor, in either of the two forms in which files hold them; none for a tensor of another type. */
export function int64s(tensor: TensorProto | undefined): readonly bigint[] {
  if (tensor?.dataType !== DataType.INT64) return [];
  if (tensor.rawData.byteLength === 0) return tensor.int64Data;
  const { buffer, byteOffset, byteLength } = tensor.rawData;
  const view = new DataView(buffer, byteOffset, byteLength);
  return Array.from({ length: byteLength / 8 }, (_, i) => view.getBigInt64(i * 8, true));
}
