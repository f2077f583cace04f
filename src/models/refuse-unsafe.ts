import { AppError } from '../base/index.js';
import { innerGraphs, nodesOf, tensorsOf } from './graph-walk.js';
import { invalid, tooComplex } from './model-errors.js';
import {
  TensorProto_DataLocation as DataLocation,
  type ModelProto,
  type NodeProto,
} from './onnx/gen/onnx_pb.js';
import { refuseFalseClaims } from './tensor-claims.js';

/** Newest opset of the ONNX Runtime that we run; a test holds it against the runtime. */
export const OPSET_MAX = 26;
/** Newest file format (IR version) of that runtime, likewise. */
export const IR_VERSION_MAX = 13;
/** Operators that ONNX Runtime has built in. What else a file names would have to come from a library. */
const DOMAINS = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);
/** The runtime writes functions out, those within functions too: a small file could become any number of operators. */
const OPERATORS_MAX = 200_000;
/** How deep functions may call one another. */
const CALLS_MAX = 64;

/**
 * Refuses what a model file must not do on this machine, before the runtime sees it.
 * @throws {AppError} `model/external-data-forbidden`, `model/unknown-domain`, `model/opset`, `model/too-complex`, `model/invalid`
 */
export function refuseUnsafe(model: ModelProto): void {
  refuseOpset(model);
  refuseExternalData(model);
  refuseUnknownDomains(model);
  refuseFunctionBombs(model);
  refuseFalseClaims(model);
}

/** Weights in other files would let a model name any path of this machine. */
function refuseExternalData(model: ModelProto): void {
  for (const { name, dataLocation, externalData } of tensorsOf(model)) {
    if (dataLocation !== DataLocation.EXTERNAL && externalData.length === 0) continue;
    throw new AppError(
      'model/external-data-forbidden',
      'input',
      `The model keeps weights ("${name}") in other files, which is not allowed. Save it as one file.`,
    );
  }
}

function refuseOpset({ irVersion, opsetImport }: ModelProto): void {
  const opset = opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version;
  if (opset !== undefined && opset < 1n) throw invalid(`it names opset ${opset}, and the first is 1`);
  const tooNew =
    opset !== undefined && opset > OPSET_MAX
      ? `opset ${opset}; ONNX Runtime here runs opsets up to ${OPSET_MAX}`
      : irVersion > IR_VERSION_MAX
        ? `IR version ${irVersion}; ONNX Runtime here reads up to ${IR_VERSION_MAX}`
        : undefined;
  if (tooNew === undefined) return;
  throw new AppError(
    'model/opset',
    'input',
    `The model has ${tooNew}. Export it with an older opset, for example 17.`,
  );
}

function refuseUnknownDomains(model: ModelProto): void {
  const own = new Set(model.functions.map(({ domain, name }) => `${domain}::${name}`));
  for (const { domain, opType } of nodesOf(model)) {
    if (DOMAINS.has(domain) || own.has(`${domain}::${opType}`)) continue;
    throw new AppError(
      'model/unknown-domain',
      'input',
      `The model needs the operator "${opType}" of the domain "${domain}", which ONNX Runtime does not have and no library is ` +
        'loaded for. Export it with standard operators.',
    );
  }
}

/** Functions that call themselves, and those that grow beyond all bounds when they are written out. */
function refuseFunctionBombs(model: ModelProto): void {
  const key = ({ domain, name }: { domain: string; name: string }) => `${domain}::${name}`;
  const bodies = new Map(model.functions.map((made) => [key(made), made.node]));
  const sizes = new Map<string, number>();
  const sizeOf = (nodes: readonly NodeProto[], path: readonly string[]): number => {
    let size = 0;
    for (const { domain, opType, attribute } of nodes) {
      size += callSize(key({ domain, name: opType }), path);
      for (const graph of innerGraphs(attribute))
        for (const inner of graph.node)
          size += callSize(key({ domain: inner.domain, name: inner.opType }), path);
    }
    return size;
  };
  const callSize = (callee: string, path: readonly string[]): number => {
    const body = bodies.get(callee);
    const known = body === undefined ? 1 : sizes.get(callee);
    if (body === undefined || known !== undefined) return known ?? 1;
    const nested = [...path, callee];
    if (path.includes(callee)) throw invalid(`its function ${nested.join(' calls ')}, without end`);
    if (nested.length > CALLS_MAX)
      throw tooComplex(`its functions call one another more than ${CALLS_MAX} deep`);
    const size = sizeOf(body, nested);
    sizes.set(callee, size);
    return size;
  };
  for (const name of bodies.keys()) callSize(name, []);
  const total = sizeOf(model.graph?.node ?? [], []);
  if (total > OPERATORS_MAX)
    throw tooComplex(
      `it has ${total} operators when its functions are written out; ${OPERATORS_MAX} are the limit`,
    );
}
