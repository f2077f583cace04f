/** One event of a `text/event-stream`. */
export interface SseEvent {
  readonly id?: string;
  readonly data?: string;
}

/** An event is one message, and no message of the server is nearly as long. */
const EVENT_CHARACTERS_MAX = 4 * 1024 * 1024;

/**
 * Reads `text/event-stream` (WHATWG HTML, section 9.2.6) in pieces that end anywhere. Unlike what `EventSource` dispatches, events with an `id`
 * alone are told: the server says with them how far one has come. `event` and `retry` are not looked at.
 */
export class SseParser {
  readonly #decoder = new TextDecoder();
  #line = '';
  #endedInReturn = false;
  #id: string | undefined;
  #data: string[] = [];
  #characters = 0;

  /** @throws {RangeError} when an event is longer than 4 Mi characters */
  push(bytes: Uint8Array): SseEvent[] {
    let text = this.#decoder.decode(bytes, { stream: true });
    // CR and LF of one line end may come apart.
    if (this.#endedInReturn && text.startsWith('\n')) text = text.slice(1);
    if (text !== '') this.#endedInReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\r|\n/);
    lines[0] = this.#line + lines[0]!;
    this.#line = lines.pop()!;
    this.#checkLength(this.#line.length);
    const events: SseEvent[] = [];
    for (const line of lines) {
      if (line === '') this.#end(events);
      else this.#field(line);
    }
    return events;
  }

  #field(line: string): void {
    this.#characters += line.length;
    this.#checkLength(0);
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (name === 'data') this.#data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
  }

  #end(events: SseEvent[]): void {
    const data = this.#data.length === 0 ? {} : { data: this.#data.join('\n') };
    const id = this.#id === undefined ? {} : { id: this.#id };
    if (this.#data.length > 0 || this.#id !== undefined) events.push({ ...id, ...data });
    this.#id = undefined;
    this.#data = [];
    this.#characters = 0;
  }

  #checkLength(more: number): void {
    if (this.#characters + more > EVENT_CHARACTERS_MAX)
      throw new RangeError('an event is longer than 4 Mi characters: this is no event stream of Sightline');
  }
}
