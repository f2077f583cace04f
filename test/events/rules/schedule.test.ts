import { describe, expect, it } from '@jest/globals';
import { Schedule } from '../../../src/events/rules/schedule.js';

const A_MINUTE_MS = 60_000;
const BERLIN = { timeZone: 'Europe/Berlin' } as const;

/** The spans in which a schedule is on within two days, UTC. */
function spansOf(config: ConstructorParameters<typeof Schedule>[0], from: string): string[] {
  const schedule = new Schedule(config);
  const spans: string[] = [];
  let begun: string | undefined;
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 16);
  const startMs = Date.parse(from);
  for (let ms = startMs; ms < startMs + 2 * 1440 * A_MINUTE_MS; ms += A_MINUTE_MS) {
    const isOn = schedule.isOn(ms);
    if (isOn && begun === undefined) begun = time(ms);
    if (!isOn && begun !== undefined) {
      spans.push(`${begun} ${time(ms)}`);
      begun = undefined;
    }
  }
  return spans;
}

describe('F63: a schedule, when the clock is changed', () => {
  it('is on through the night that is an hour shorter, once, from and to the times of the wall', () => {
    const night = { ...BERLIN, from: '22:00', to: '06:00' };
    expect(spansOf(night, '2026-03-28T12:00Z')).toEqual([
      '2026-03-28T21:00 2026-03-29T04:00',
      '2026-03-29T20:00 2026-03-30T04:00',
    ]);
  });

  it('is on through the night that is an hour longer without a gap', () => {
    const night = { ...BERLIN, from: '22:00', to: '06:00' };
    expect(spansOf(night, '2026-10-24T12:00Z')).toEqual([
      '2026-10-24T20:00 2026-10-25T05:00',
      '2026-10-25T21:00 2026-10-26T05:00',
    ]);
  });

  it('is not on in an hour that there is not', () => {
    expect(spansOf({ ...BERLIN, from: '02:00', to: '03:00' }, '2026-03-28T12:00Z')).toEqual([
      '2026-03-30T00:00 2026-03-30T01:00',
    ]);
  });

  it('is on in both of an hour that there is twice', () => {
    expect(spansOf({ ...BERLIN, from: '02:00', to: '03:00' }, '2026-10-24T12:00Z')).toEqual([
      '2026-10-25T00:00 2026-10-25T02:00',
      '2026-10-26T01:00 2026-10-26T02:00',
    ]);
  });
});
