import { z } from 'zod';
import { agesMsOf } from './snapshots-schema.js';

const days = (what: string, usual: string) =>
  z
    .number()
    .min(1)
    .max(3650)
    .optional()
    .describe(`${what} older than this are deleted, unless they are marked; 1 to 3650. By default ${usual}`);

const eventAges = (usual: (key: string) => string) => ({
  infoDays: days('Events of severity info', usual('infoDays')),
  warningDays: days('Events of severity warning', usual('warningDays')),
  alertDays: days('Events of severity alert', usual('alertDays')),
});

/** How long events are kept by their severity. */
export const historyAges = z
  .strictObject(eventAges(() => 'data.eventsDays'))
  .prefault({})
  .describe('How long events are kept where that depends on their severity');

/** How long tracks and events of one camera are kept. */
export const cameraHistory = z
  .strictObject({
    tracksDays: z
      .number()
      .min(1)
      .max(3650)
      .optional()
      .describe('Tracks older than this are deleted; 1 to 3650. By default data.tracksDays'),
    ...eventAges((key) => `data.history.${key}`),
  })
  .optional()
  .describe('How long tracks and events of this camera are kept, where that differs from data');

type DataAges = z.output<typeof historyAges> & { readonly tracksDays: number; readonly eventsDays: number };
type CameraAges = z.output<typeof cameraHistory>;

/** How long history is kept, ms: tracks, and events by severity. */
export type HistoryAgesMs = Readonly<Record<'track' | 'info' | 'warning' | 'alert', number>>;

/** How long history is kept, as written for all cameras. */
export function historyAgesMsOf({ tracksDays, eventsDays, ...own }: DataAges): HistoryAgesMs {
  const usual = { tracksDays, infoDays: eventsDays, warningDays: eventsDays, alertDays: eventsDays };
  return { ...agesMsOf(usual), ...agesMsOf(own) } as HistoryAgesMs;
}

/** Where it is written how long something is kept, and for how many days. */
export function keptFor(
  key: keyof NonNullable<CameraAges>,
  data: { readonly tracksDays: number; readonly eventsDays: number; readonly history: z.output<typeof historyAges> }, // prettier-ignore
  camera?: { readonly id: string; readonly history?: CameraAges },
): readonly [where: string, days: number] {
  const own = camera?.history?.[key];
  if (own !== undefined) return [`cameras.${camera!.id}.history.${key}`, own];
  if (key === 'tracksDays') return ['data.tracksDays', data.tracksDays];
  const ofSeverity = data.history[key];
  return ofSeverity === undefined ? ['data.eventsDays', data.eventsDays] : [`data.history.${key}`, ofSeverity]; // prettier-ignore
}
