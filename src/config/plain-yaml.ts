import { LineCounter, parseDocument } from 'yaml';
import { messageOf } from '../base/index.js';

/**
 * Reads the text of a YAML file of our own, such as the catalogue of models: no aliases, no custom tags, no key twice.
 *
 * @throws {Error} naming line and column; callers know which file and which code to say
 */
export function parsePlainYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = [...document.errors, ...document.warnings][0];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new Error(`${line}:${col}: ${messageOf(problem)}`);
  }
  return document.toJS({ maxAliasCount: 0 });
}
