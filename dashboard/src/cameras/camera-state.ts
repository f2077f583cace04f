/** How a camera's state is meant: `good` pictures come, `busy` they will, `bad` somebody must do something. */
export type Tone = 'good' | 'busy' | 'bad' | 'off';

const TONES: Readonly<Record<string, Tone>> = {
  live: 'good',
  connecting: 'busy',
  waiting: 'off',
  reconnecting: 'busy',
  stalled: 'bad',
  auth_failed: 'bad',
  not_found: 'bad',
  redirect_refused: 'bad',
  dns_failed: 'bad',
  unsupported: 'bad',
  ffmpeg_missing: 'bad',
  ended: 'off',
  stopped: 'off',
};

/** The tone of a state; of one that a newer server has, `bad`, so that it is looked at. */
export function toneOf(state: string): Tone {
  return (Object.hasOwn(TONES, state) ? TONES[state] : undefined) ?? 'bad';
}
