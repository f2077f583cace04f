import { isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { messageOf, registerSecret } from '../base/index.js';
import { checkRules } from './check-rules.js';
import { checkWebhooks } from './check-webhooks.js';
import { DEFAULT_MODEL_ID, toConfig, type Config } from './config.js';
import { fillIn, type Environment } from './environment.js';
import { explainIssues } from './explain.js';
import { checkAges } from './check-ages.js';
import { nearestName } from './nearest-name.js';
import { offsetOf, pathText, problemsError, valueText, type KeyPath, type Problem } from './problem.js';
import { configFileSchema, type ConfigFile } from './schema.js';
import { isSecretKey } from './secret-keys.js';

/** Aliases that a file may expand to: a bound on what a small file can blow up to. */
const ALIAS_COUNT_MAX = 100;

/** What a configuration file is read with. */
export interface ParseOptions {
  /** Named in errors. */
  readonly file: string;
  /** Relative paths in the file are taken from here. */
  readonly baseDir: string;
  readonly env: Environment;
  /** The labels that `analyse.detect` may name; unchecked when absent. */
  readonly labels?: readonly string[];
}

/**
 * Parses and checks the text of a configuration file.
 *
 * @throws {AppError} `config/syntax`, `config/duplicate-key`, `config/variable-unset`, `config/unknown-key`,
 *   `config/invalid-value`, with every problem on a line of its own
 */
export function parseConfig(text: string, options: ParseOptions): Config {
  const lines = new LineCounter();
  const refuse = (problems: readonly Problem[]): void => {
    if (problems.length > 0) throw problemsError(options.file, problems, lines);
  };
  const syntaxProblem = (error: unknown): Problem => ({
    code: 'config/syntax',
    offset: 0,
    text: `this cannot be read as YAML: ${messageOf(error)}`,
  });

  let document: Document.Parsed;
  let written: unknown;
  try {
    // Duplicate keys are found below, where both lines can be named.
    document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
  } catch (error) {
    throw problemsError(options.file, [syntaxProblem(error)], lines);
  }
  refuse(
    [...document.errors, ...document.warnings].map(({ pos, message }) => ({
      code: 'config/syntax',
      offset: pos[0],
      text: `this is not plain YAML: ${message}`,
    })),
  );
  try {
    refuse(duplicateKeys(document, lines));
    written = document.toJS({ maxAliasCount: ALIAS_COUNT_MAX }) ?? {};
  } catch (error) {
    if (error instanceof RangeError || error instanceof ReferenceError) refuse([syntaxProblem(error)]);
    throw error;
  }

  const problems: Problem[] = [];
  const filled = fillInAll(written, options.env, (path, problem) => {
    problems.push({
      code: 'config/variable-unset',
      offset: offsetOf(document, path),
      text: `${pathText(path)}: ${problem}`,
    });
  });
  refuse(problems);

  const result = configFileSchema.safeParse(filled);
  if (!result.success)
    throw problemsError(options.file, explainIssues(result.error, document, written), lines);
  refuse(unknownModels(result.data, document));
  refuse(wrongNames(result.data, document));
  if (options.labels !== undefined) refuse(unknownLabels(result.data, options.labels, document));
  return toConfig(result.data, options.baseDir, options.env);
}

/** Keys given twice within one map, and cameras whose ids differ only in case. */
function duplicateKeys(document: Document, lines: LineCounter): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map(_, map, ancestors) {
      const parent = ancestors.at(-1);
      const owner =
        parent !== undefined && 'key' in parent && isScalar(parent.key) ? parent.key.value : undefined;
      const isCameras = owner === 'cameras' && ancestors.length === 3;
      const seen = new Map<string, { key: string; offset: number }>();
      for (const { key: node } of map.items) {
        const offset = isScalar(node) ? (node.range?.[0] ?? 0) : (map.range?.[0] ?? 0);
        if (!isScalar(node) || !isPlainKey(node.value)) {
          problems.push({ code: 'config/syntax', offset, text: 'a key must be a plain word' });
          continue;
        }
        const key = String(node.value);
        const earlier = seen.get(isCameras ? key.toLowerCase() : key);
        seen.set(isCameras ? key.toLowerCase() : key, { key, offset });
        if (earlier === undefined) continue;
        const line = lines.linePos(earlier.offset).line;
        const what =
          earlier.key === key
            ? `the ${isCameras ? 'camera' : 'key'} ${key} stands on line ${line} already`
            : `the camera ${key} differs from ${earlier.key} on line ${line} only in case`;
        problems.push({ code: 'config/duplicate-key', offset, text: `${what}: rename or remove one` });
      }
    },
  });
  return problems;
}

/** `__proto__` would not arrive as an ordinary property. */
function isPlainKey(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) && value !== '__proto__';
}

/** A copy of `value` with the placeholders of every string filled in. */
function fillInAll(
  value: unknown,
  env: Environment,
  onProblem: (path: KeyPath, problem: string) => void,
  path: KeyPath = [],
): unknown {
  if (typeof value === 'string') {
    const filled = fillIn(value, env);
    if ('text' in filled) {
      // Also one that stands in the file itself.
      if (isSecretKey(path)) registerSecret(filled.text);
      return filled.text;
    }
    onProblem(path, filled.problem);
    return value;
  }
  if (Array.isArray(value)) return value.map((item, at) => fillInAll(item, env, onProblem, [...path, at]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fillInAll(inner, env, onProblem, [...path, key])]),
  );
}

/** Cameras that ask for a model that is not there. */
function unknownModels(file: ConfigFile, document: Document): Problem[] {
  const known = [DEFAULT_MODEL_ID, ...Object.keys(file.models)];
  return Object.entries(file.cameras).flatMap(([id, { analyse }]) => {
    if (known.includes(analyse.model)) return [];
    const path = ['cameras', id, 'analyse', 'model'];
    const nearest = nearestName(analyse.model, known);
    const cure = nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`;
    return {
      code: 'config/invalid-value' as const,
      offset: offsetOf(document, path),
      text: `${pathText(path)} = ${valueText(analyse.model)}: there is no such model under models; ${cure}`,
    };
  });
}

/** Rules and webhooks that name what is not there, and figures that enclose nothing. */
function wrongNames(file: ConfigFile, document: Document): Problem[] {
  const problems: Problem[] = [];
  const complain = (path: KeyPath, text: string) => {
    const written = document.getIn(path);
    const value = ['string', 'number', 'boolean'].includes(typeof written) ? ` = ${valueText(written)}` : '';
    problems.push({
      code: 'config/invalid-value',
      offset: offsetOf(document, path),
      text: `${pathText(path)}${value}: ${text}`,
    });
  };
  checkRules(file, complain);
  checkWebhooks(file, complain);
  checkAges(file, complain);
  return problems;
}

/** Labels that the built-in detector lacks; those of others are not known here. */
function unknownLabels(file: ConfigFile, labels: readonly string[], document: Document): Problem[] {
  const known = new Set(labels);
  const isBuiltIn = (model: string) => model === DEFAULT_MODEL_ID && !(DEFAULT_MODEL_ID in file.models);
  const cameras = Object.entries(file.cameras).filter(([, { analyse }]) => isBuiltIn(analyse.model));
  return cameras.flatMap(([id, { analyse, redact, rules }]) => {
    const lists: [path: KeyPath, labels: readonly string[]][] = [
      [['cameras', id, 'analyse', 'detect'], analyse.detect ?? []],
      [['cameras', id, 'redact', 'labels'], redact?.labels ?? []],
      ...rules.flatMap((rule, at) =>
        'labels' in rule
          ? [[['cameras', id, 'rules', at, 'labels'], rule.labels ?? []] as [KeyPath, string[]]]
          : [],
      ),
    ];
    return lists.flatMap(([list, asked]) =>
      asked.flatMap((label, at) => {
        if (known.has(label)) return [];
        const path = [...list, at];
        const nearest = nearestName(label, labels);
        const cure =
          nearest === undefined ? `it knows ${labels.slice(0, 8).join(', ')}, …` : `did you mean ${nearest}?`;
        return {
          code: 'config/invalid-value' as const,
          offset: offsetOf(document, path),
          text: `${pathText(path)} = ${valueText(label)}: the detector has no such label; ${cure}`,
        };
      }),
    );
  });
}
