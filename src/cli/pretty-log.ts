const RESET = '\u001b[0m';
const DIM = '\u001b[2m';

/** Pino's level numbers. */
const LEVELS = new Map<unknown, { readonly word: string; readonly colour: string }>([
  [20, { word: 'debug', colour: DIM }],
  [30, { word: 'info ', colour: '\u001b[32m' }],
  [40, { word: 'warn ', colour: '\u001b[33m' }],
  [50, { word: 'error', colour: '\u001b[31m' }],
]);

/**
 * One JSON line of the log as a line for people: local time, level, camera, sentence, remaining fields.
 * Control characters come out escaped, since a camera or a library may have put them into a message to
 * fool the terminal. A line that is no JSON object is passed through.
 */
export function prettyLine(jsonLine: string, hasColours: boolean): string {
  const entry = parseEntry(jsonLine);
  if (entry === undefined) return jsonLine;
  const { level, time, msg, camera, ...fields } = entry;
  const paint = (colour: string, text: string) => (hasColours ? `${colour}${text}${RESET}` : text);
  const { word, colour } = LEVELS.get(level) ?? { word: 'log  ', colour: '' };
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${fieldText(value)}`);
  const parts = [
    paint(DIM, timeText(time)),
    paint(colour, word),
    ...(camera === undefined ? [] : [`[${fieldText(camera)}]`]),
    ...(msg === undefined ? [] : [escapeControls(typeof msg === 'string' ? msg : JSON.stringify(msg))]),
    ...(rest.length === 0 ? [] : [paint(DIM, rest.join(' '))]),
  ];
  return `${parts.join(' ')}\n`;
}

function parseEntry(jsonLine: string): Record<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(jsonLine);
    return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // not ours, and still worth reading as it is
  }
}

function escapeControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

/** `hh:mm:ss` in local time. */
function timeText(time: unknown): string {
  const date = new Date(typeof time === 'string' ? time : NaN);
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toTimeString().slice(0, 8);
}

/** Plain where that reads well, JSON otherwise. */
function fieldText(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=\p{Cc}]+$/u.test(value) ? value : JSON.stringify(value);
}
