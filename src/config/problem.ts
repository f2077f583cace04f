import { isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from 'yaml';
import { AppError, redact } from '../base/index.js';

/** Keys and indices from the root of the file to a value. */
export type KeyPath = readonly (string | number)[];

/** One thing wrong with a configuration file. `offset` is the character that it is about. */
export interface Problem {
  readonly code: string;
  readonly offset: number;
  readonly text: string;
}

const SHOWN_PROBLEMS_MAX = 20;
const SHOWN_VALUE_LENGTH_MAX = 80;

/**
 * One error for all problems, a line each in the order of the file: `file:line:column: what and what to do`.
 * Its code is that of the first.
 */
export function problemsError(file: string, problems: readonly Problem[], lines: LineCounter): AppError {
  const sorted = [...problems].sort((a, b) => a.offset - b.offset);
  const texts = sorted.map(({ offset, text }) => {
    const { line, col } = lines.linePos(offset);
    return redact(`${file}:${line}:${col}: ${text}`);
  });
  // One slip can raise the same complaint at the same place several times.
  const distinct = [...new Set(texts)];
  const shown = distinct.slice(0, SHOWN_PROBLEMS_MAX);
  if (distinct.length > shown.length) shown.push(`… and ${distinct.length - shown.length} more problems`);
  return new AppError(sorted[0]?.code ?? 'config/syntax', 'input', shown.join('\n'));
}

/** A key path as people write it: `cameras.gate.analyse.detect[1]`. */
export function pathText(path: KeyPath): string {
  if (path.length === 0) return 'the file';
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** A value as the file has it, short and without passwords of URLs. */
export function valueText(value: unknown): string {
  const text = redact(JSON.stringify(value) ?? String(value));
  return text.length > SHOWN_VALUE_LENGTH_MAX ? `${text.slice(0, SHOWN_VALUE_LENGTH_MAX)}…` : text;
}

function pairAt(node: Node, key: string): Pair<Node, Node | null> | undefined {
  if (!isMap<Node, Node | null>(node)) return undefined;
  return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key);
}

/** The offset of the value at `path`, of its key if `ofKey`, or of the nearest thing around it that is in the file. */
export function offsetOf(document: Document, path: KeyPath, ofKey = false): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [depth, key] of path.entries()) {
    if (node === null) break;
    if (isSeq<Node>(node)) {
      node = node.items[Number(key)] ?? null;
      offset = node?.range?.[0] ?? offset;
      continue;
    }
    const pair = pairAt(node, String(key));
    if (pair === undefined) break;
    const keyOffset = pair.key.range?.[0] ?? offset;
    node = pair.value;
    // An absent value has a range just past its key: the key says more.
    const [start, end] = node?.range ?? [0, 0];
    offset = (ofKey && depth === path.length - 1) || end === start ? keyOffset : start;
  }
  return offset;
}
