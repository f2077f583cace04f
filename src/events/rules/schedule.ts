import type { ScheduleConfig } from '../../config/index.js';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const A_DAY_MIN = 1440;
const A_MINUTE_MS = 60_000;

/** When a rule is on. Keeps the answer of the last minute: clocks of other zones are slow to read. */
export class Schedule {
  readonly #config: ScheduleConfig | undefined;
  readonly #format: Intl.DateTimeFormat | undefined;
  #minute = NaN;
  #isOn = true;

  /** @param config always on when absent */
  constructor(config: ScheduleConfig | undefined) {
    this.#config = config;
    if (config === undefined) return;
    const { timeZone } = config;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
  }

  /** @param wallMs ms since 1970 UTC */
  isOn(wallMs: number): boolean {
    if (this.#config === undefined || this.#format === undefined) return true;
    const minute = Math.floor(wallMs / A_MINUTE_MS);
    if (minute === this.#minute) return this.#isOn;
    this.#minute = minute;
    const parts = Object.fromEntries(
      this.#format.formatToParts(wallMs).map(({ type, value }) => [type, value]),
    );
    const day = DAYS.indexOf(parts['weekday']!.toLowerCase() as (typeof DAYS)[number]);
    this.#isOn = isWithin(this.#config, day, Number(parts['hour']) * 60 + Number(parts['minute']));
    return this.#isOn;
  }
}

/** @param day 0 for Sunday; @param minute of the day */
function isWithin({ days, from, to }: ScheduleConfig, day: number, minute: number): boolean {
  const isDay = (which: number) => days === undefined || days.includes(DAYS[(which + 7) % 7]!);
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  if (begin < end) return isDay(day) && minute >= begin && minute < end;
  // Past midnight it is still the evening of the day before that counts.
  return (isDay(day) && minute >= begin) || (isDay(day - 1) && minute < end % A_DAY_MIN);
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
