import { LineCounter, parseDocument } from 'yaml';
import { messageOf } from '../base/index.js';

/** Aliases that a text may expand to: a bound on what a small file can blow up to. */
const ALIAS_COUNT_MAX = 100;

/**
 * Reads the text of a YAML file that is no configuration, such as the catalogue of models or the description of a data set: no
 * custom tags, no key twice.
 *
 * @throws {Error} naming line and column; callers know which file and which code to say
 */
export function parseYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problem = [...document.errors, ...document.warnings][0];
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new Error(`${line}:${col}: ${messageOf(problem)}`);
  }
  return document.toJS({ maxAliasCount: ALIAS_COUNT_MAX });
}
