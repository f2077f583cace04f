/** What a camera does from some moment on. All but `rst` and `fin` last until the next action of their group. */
export type CameraAction =
  // How it treats its clients: one of these at a time. `play` also ends a burst.
  | { readonly verb: 'play' }
  /** Connections are accepted, and nothing is said any more, nor any frame sent. */
  | { readonly verb: 'mute' }
  /** Requests are answered, but no frame is sent. */
  | { readonly verb: 'stall' }
  /** Whatever is sent leaves at so many bytes a second. */
  | { readonly verb: 'drip'; readonly bytesPerSecond: number }
  /** Each request but OPTIONS is refused with this status, whatever the credentials. */
  | { readonly verb: 'status'; readonly code: number }
  /** Requests from `method` on are answered by a 302 to `url`; `self` is the address asked for. */
  | { readonly verb: 'redirect'; readonly url: string; readonly method: string }
  // What it sends.
  /** Frames leave at this rate, with timestamps to match. */
  | { readonly verb: 'burst'; readonly fps: number }
  /** Goes on with the clip of this size, from its first keyframe; the new SPS and PPS come in-band. */
  | { readonly verb: 'sps'; readonly widthPx: number; readonly heightPx: number }
  /** Timestamps jump by this much. */
  | { readonly verb: 'ts'; readonly seconds: number }
  | { readonly verb: 'password'; readonly password: string }
  /** Session descriptions are longer by so many bytes. */
  | { readonly verb: 'sdp-bytes'; readonly bytes: number }
  // What happens once.
  /** The next frame is cut inside a NAL unit and every connection reset. */
  | { readonly verb: 'rst' }
  /** Every connection is ended in good order. */
  | { readonly verb: 'fin' };

export interface ScriptStep {
  readonly action: CameraAction;
  /** How long to wait before the next step. */
  readonly durationMs: number;
}

/**
 * Reads a script such as `play 3s; rst; status 404 500ms; play`: actions between semicolons, each with
 * its arguments and, optionally, how long to wait after it.
 *
 * @throws {Error} that names the step at fault
 */
export function parseScript(text: string): ScriptStep[] {
  return text
    .split(';')
    .map((step) => step.trim())
    .filter((step) => step !== '')
    .map(parseStep);
}

function parseStep(text: string): ScriptStep {
  const words = text.split(/\s+/);
  const duration = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(words.at(-1) ?? '');
  if (duration) words.pop();
  const durationMs = duration ? Number(duration[1]) * (duration[2] === 's' ? 1000 : 1) : 0;
  return { action: parseAction(words, text), durationMs };
}

function parseAction([verb = '', first, second]: string[], text: string): CameraAction {
  const number = (fallback?: number): number => {
    const value = first === undefined ? fallback : Number(first);
    if (value === undefined || !Number.isFinite(value)) throw new Error(`"${text}" needs a number`);
    return value;
  };
  switch (verb) {
    case 'play':
    case 'mute':
    case 'stall':
    case 'rst':
    case 'fin':
      return { verb };
    case 'drip':
      return { verb, bytesPerSecond: number(1) };
    case 'status':
      return { verb, code: number() };
    case 'redirect':
      return { verb, url: first ?? 'self', method: second ?? 'OPTIONS' };
    case 'burst':
      return { verb, fps: number() };
    case 'sps': {
      const [widthPx, heightPx] = (first ?? '').split('x').map(Number);
      if (!widthPx || !heightPx) throw new Error(`"${text}" needs a size such as 640x360`);
      return { verb, widthPx, heightPx };
    }
    case 'ts':
      return { verb, seconds: number() };
    case 'password':
      return { verb, password: first ?? '' };
    case 'sdp-bytes':
      return { verb, bytes: number() };
    default:
      throw new Error(`"${text}" is no step of a camera script`);
  }
}
