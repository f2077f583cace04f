/** One sample line. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with its samples (of a histogram or summary also `_bucket`, `_sum`, `_count`). */
export interface Family {
  readonly help: string;
  type: string;
  readonly samples: Sample[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/** A strict reader of the Prometheus text format. @throws {Error} for a line that is not of the format */
export function parsePrometheus(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no line feed');
  const families = new Map<string, Family>();
  let current = '';
  for (const line of text.split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      if (families.has(name)) throw new Error(`${name} comes twice`);
      families.set(name, { help: rest, type: 'untyped', samples: [] });
      current = name;
    } else if (keyword === 'TYPE') {
      families.get(name)!.type = rest;
    } else if (line !== '') {
      const sample = parseSample(line);
      if (!sample.name.startsWith(current)) throw new Error(`${line} stands under ${current}`);
      families.get(current)!.samples.push(sample);
    }
  }
  return families;
}

function parseSample(line: string): Sample {
  const [, name, labelText = '', valueText] = SAMPLE.exec(line) ?? [];
  if (name === undefined || valueText === undefined) throw new Error(`not a sample: ${line}`);
  const value = Number(valueText.replace('Inf', 'Infinity'));
  if (Number.isNaN(value) && valueText !== 'NaN') throw new Error(`not a number: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  let end = 0;
  for (let match = LABEL.exec(labelText); match !== null; match = LABEL.exec(labelText)) {
    labels[match[1]!] = match[2]!.replace(/\\(.)/g, (_all, c: string) => (c === 'n' ? '\n' : c));
    end = LABEL.lastIndex;
  }
  if (end !== labelText.length) throw new Error(`labels not readable: ${line}`);
  return { name, labels, value };
}
