import { z } from 'zod';
import { AppError, messageOf } from '../base/index.js';
import { parseYaml } from '../config/index.js';

const namesSchema = z.object({
  names: z.union([z.array(z.string()), z.record(z.string(), z.string())]),
});

/**
 * Reads the class names of YOLO labels, by class index: a name per line, or for `yaml` the key `names` of a data set's
 * description, a list or a map from indices.
 *
 * @throws {AppError} `evaluation/invalid-truth` naming what is wrong with it
 */
export function readClassNames(text: string, format: 'lines' | 'yaml'): string[] {
  const names = format === 'lines' ? text.trimEnd().split(/\r?\n/) : namesOf(text);
  const count = Array.isArray(names) ? names.length : Object.keys(names).length;
  return Array.from({ length: count }, (_, index) => {
    const name = (Array.isArray(names) ? names[index] : names[String(index)])?.trim() ?? '';
    if (name === '') throw refusal(`class ${index} of ${count} has no name`);
    return name;
  });
}

function namesOf(text: string): string[] | Record<string, string> {
  let written: unknown;
  try {
    written = parseYaml(text);
  } catch (error) {
    throw refusal(messageOf(error).split('\n')[0] ?? '', error);
  }
  const { data, error } = namesSchema.safeParse(written);
  if (error !== undefined)
    throw refusal('expected names: a list of class names, or a map from index to name', error);
  return data.names;
}

function refusal(why: string, cause?: unknown): AppError {
  return new AppError('evaluation/invalid-truth', 'input', `these are no class names: ${why}`, { cause });
}
