import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { AppError, messageOf } from '../base/index.js';
import {
  checkModel,
  importTfjs,
  reportImport,
  type ImportReport,
  type OperatorCount,
  type TensorDescription,
} from '../models/index.js';
import type { CliIo } from './cli-io.js';
import { checkImport, type ImportCheck } from './import-check.js';
import { table } from './table.js';
import { readTfjs } from './tfjs-files.js';

/** The flags of `sightline models import`. */
export interface ImportModelOptions {
  readonly out: string;
  readonly outputs?: readonly string[];
  readonly dynamic?: true;
  readonly size?: { readonly widthPx: number; readonly heightPx: number };
  readonly check?: true;
  readonly picture?: string;
  readonly tolerance: number;
  readonly seed: number;
  readonly json?: true;
}

/** What `--json` prints. */
interface Report {
  readonly source: string;
  readonly inputs: readonly TensorDescription[];
  /** Names alone where the model cannot be converted. */
  readonly outputs: readonly (TensorDescription | { readonly name: string })[];
  readonly operators: readonly OperatorCount[];
  readonly unsupported: readonly OperatorCount[];
  readonly check?: ImportCheck;
  /** The ONNX file; absent when none was written. */
  readonly file?: string;
  readonly bytes?: number;
}

/**
 * `sightline models import`: converts a TF.js graph model to ONNX and reports on it. Nothing is written when an operator is not
 * supported or the check fails.
 *
 * @throws {AppError} `model/import-unsupported`, after the report; `model/import-inexact`, after the report; `model/*` of its parts;
 *   `model/unwritable`
 */
export async function importModel(source: string, options: ImportModelOptions, io: CliIo): Promise<void> {
  const files = await readTfjs(source);
  const { graph } = files.model;
  const print = (report: Report) =>
    io.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
  const plan = reportImport(graph, options);
  const found = { source: files.file, operators: plan.operators, unsupported: plan.unsupported };
  if (plan.unsupported.length > 0) {
    print({ ...found, inputs: plan.inputs, outputs: plan.outputs.map((name) => ({ name })) });
    throw unsupported(files.file, plan);
  }
  const onnx = importTfjs(files.model, { ...options, dynamicSize: options.dynamic === true });
  const { inputs, outputs } = checkModel(onnx);
  const check =
    options.check === true
      ? await checkImport({
          ...options,
          source: files,
          onnx,
          inputs: plan.inputs,
          outputs: outputs.map(({ name }) => name),
        })
      : undefined;
  const wrong = check?.outputs.filter(({ isWithin }) => !isWithin) ?? [];
  const report = { ...found, inputs, outputs, ...(check && { check }) };
  if (wrong.length > 0) {
    print(report);
    throw inexact(
      files.file,
      wrong.map(({ output }) => output),
    );
  }
  await writeWhole(options.out, onnx);
  print({ ...report, file: options.out, bytes: onnx.byteLength });
}

function unsupported(file: string, { unsupported: list }: ImportReport): AppError {
  const nodes = list.reduce((sum, { count }) => sum + count, 0);
  return new AppError(
    'model/import-unsupported',
    'input',
    `${file} is not imported: ${list.length} operators (${nodes} nodes) have no ONNX counterpart here. ` +
      'Ask for --outputs that do not need them, or bring an ONNX file.',
  );
}

function inexact(file: string, outputs: readonly string[]): AppError {
  return new AppError(
    'model/import-inexact',
    'input',
    `${file} is not imported: the ONNX model differs from TF.js in ${[...new Set(outputs)].join(', ')} by more than the tolerance.`,
  );
}

/** Writes a file so that others see all of it or nothing. */
async function writeWhole(file: string, content: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomUUID()}.part`;
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, file);
  } catch (error) {
    throw new AppError('model/unwritable', 'unavailable', `Cannot write ${file} (${messageOf(error)}).`, {
      cause: error,
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

function reportText({
  source,
  inputs,
  outputs,
  operators,
  unsupported: missing,
  check,
  file,
  bytes,
}: Report): string {
  const section = (title: string, rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? '' : `${title}\n${table(rows.map((row) => ['', ...row]))}`;
  const tensor = (named: TensorDescription | { readonly name: string }) =>
    'dims' in named ? [named.name, named.type, `[${named.dims.join(', ')}]`] : [named.name];
  const counts = (list: readonly OperatorCount[]) =>
    list.map(({ operator, count, examples }) => [operator, `×${count}`, examples[0] ?? '']);
  return [
    `${source}\n`,
    section('Inputs', inputs.map(tensor)),
    section('Outputs', outputs.map(tensor)),
    section(
      'Operators',
      operators.map(({ operator, count }) => [operator, `×${count}`]),
    ),
    section('Operators without an ONNX counterpart, with a node that has it', counts(missing)),
    check === undefined ? '' : checkText(check),
    file === undefined ? '' : `Written: ${file}, ${((bytes ?? 0) / 1e6).toFixed(1)} MB\n`,
  ].join('');
}

function checkText({ tfjsVersion, tolerance, seed, outputs }: ImportCheck): string {
  const rows = outputs.map(({ input, output, maxAbsError, largestValue, allowed, isWithin }) => [
    '',
    input,
    output,
    maxAbsError.toExponential(1),
    largestValue.toPrecision(4),
    allowed.toExponential(1),
    isWithin ? 'ok' : 'WRONG',
  ]);
  const head = ['', 'input', 'output', 'max abs error', 'largest value', 'allowed', ''];
  return `Check against TF.js ${tfjsVersion} (tolerance ${tolerance}, seed ${seed})\n${table([head, ...rows])}`;
}
