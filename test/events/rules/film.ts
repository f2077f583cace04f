import { parseConfig } from '../../../src/config/parse.js';
import type { CameraRules } from '../../../src/config/index.js';
import { RuleEngine, type EventMessage, type FrameObject, type RuleFrame, type TrackReport } from '../../../src/events/index.js'; // prettier-ignore

/** Sunday, 3 May 2026, noon UTC. */
export const NOON_MS = Date.UTC(2026, 4, 3, 12);
/** Frames are 1000 × 1000 pixels, so that a share of the picture is thousandths. */
const SIDE_PX = 1000;

/** A camera's zones, lines and rules, as written in a configuration. */
export function rulesOf(yaml: string): CameraRules {
  const text = `cameras:\n  gate:\n    source: a\n${yaml.replace(/^/gm, '    ')}\n`;
  return parseConfig(text, { file: 'test', baseDir: '/', env: {} }).cameras[0]!;
}

/** An object whose foot is at `[x, y]`, 40 × 100 pixels large. */
export function at(
  track: number,
  [x, y]: readonly [number, number],
  extra: Partial<FrameObject> = {},
): FrameObject {
  return {
    track,
    label: 'person',
    score: 0.9,
    box: [x - 20, y - 100, x + 20, y],
    state: 'tracked',
    ...extra,
  };
}

/** Frames for a rule engine, five a second unless told otherwise, and what came of them. */
export class Film {
  readonly messages: EventMessage[] = [];
  /** The objects of the last frame, as they were told. */
  objects: readonly FrameObject[] = [];
  ms = 0;
  readonly #engine: RuleEngine;
  readonly #stepMs: number;

  constructor(yaml: string, { stepMs = 200 } = {}) {
    this.#engine = new RuleEngine({ camera: 'gate', trackRun: 'r', eventRun: 'v', rules: rulesOf(yaml) });
    this.#stepMs = stepMs;
  }

  /** One frame. */
  show(objects: readonly FrameObject[], extra: Partial<RuleFrame> = {}): this {
    const frame: RuleFrame = {
      camera: 'gate',
      epoch: 1,
      ptsMs: this.ms,
      // Packets arrive as they like; durations must not depend on it.
      capturedAtMs: NOON_MS + this.ms + ((this.ms / this.#stepMs) % 3) * 10,
      widthPx: SIDE_PX,
      heightPx: SIDE_PX,
      model: 'm@1',
      light: { regime: 'day', meanLuma: 0.5, normalised: false },
      objects,
      changes: [],
      ...extra,
    };
    const { messages, objects: told } = this.#engine.observe(frame);
    this.messages.push(...messages);
    this.objects = told;
    this.ms += this.#stepMs;
    return this;
  }

  /** Frames for so long; the objects may depend on the time since its beginning. */
  run(
    seconds: number,
    objects: readonly FrameObject[] | ((seconds: number) => readonly FrameObject[]),
    extra: Partial<RuleFrame> = {},
  ): this {
    const fromMs = this.ms;
    while (this.ms < fromMs + seconds * 1000)
      this.show(typeof objects === 'function' ? objects((this.ms - fromMs) / 1000) : objects, extra);
    return this;
  }

  /** A frame with these changes of tracks. */
  change(changes: readonly TrackReport[], objects: readonly FrameObject[] = []): this {
    return this.show(objects, { changes });
  }

  /** An object of this track is over. */
  ended(track: number): this {
    return this.change([{ change: 'ended', object: at(track, [0, 0]) }]);
  }

  stop(ending: 'stream' | 'config' = 'stream'): this {
    this.messages.push(...this.#engine.stop(ending, NOON_MS + this.ms));
    return this;
  }

  cameraState(isLive: boolean, seconds: number): this {
    this.messages.push(...this.#engine.cameraState(isLive, NOON_MS + seconds * 1000));
    return this;
  }

  /** What happened, short: `started gate-r-1`, … */
  get story(): string[] {
    return this.messages.map(({ type, event }) => {
      const tracks = event.tracks.map(({ id }) => id.replace('gate-r-', '')).join(',');
      return [type.replace('event.', ''), tracks, ...(event.ending !== undefined ? [event.ending] : [])].join(
        ' ',
      );
    });
  }

  /** The value of the last message. */
  get value() {
    return this.messages.at(-1)?.event.value;
  }

  /** Seconds from noon, to a fifth: of what the last message says. */
  get span(): unknown[] {
    const { startedAt, endedAt } = this.messages.at(-1)!.event;
    return [startedAt, endedAt].map((iso) => iso && Math.round((Date.parse(iso) - NOON_MS) / 100) / 10);
  }
}

/** A place on the way from one to another, at a speed in pixels a second. */
export function walk(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  seconds: number,
  perSecond: number,
): [number, number] {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const share = Math.min(1, (seconds * perSecond) / length);
  return [x1 + (x2 - x1) * share, y1 + (y2 - y1) * share];
}
