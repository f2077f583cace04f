import { parse } from 'yaml';

/** Aliases that a text may expand to: a bound on what a small file can blow up to. */
const ALIAS_COUNT_MAX = 100;

/**
 * The value of a YAML text that is no configuration of ours, such as the description of a data set.
 *
 * @throws {Error} whose message begins with what is wrong and where
 */
export function parseYaml(text: string): unknown {
  return parse(text, { maxAliasCount: ALIAS_COUNT_MAX, logLevel: 'error' });
}
