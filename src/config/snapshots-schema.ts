import { z } from 'zod';

const days = (what: string) =>
  z
    .number()
    .min(0.01)
    .max(3650)
    .optional()
    .describe(
      `${what} older than this are given up; 0.01 to 3650. By default they are kept as long as what they show`,
    );

const ages = {
  tracksDays: days('Pictures of tracks'),
  infoDays: days('Pictures of events of severity info'),
  warningDays: days('Pictures of events of severity warning'),
  alertDays: days('Pictures of events of severity alert'),
};

/** How long pictures are kept. */
export const snapshotAges = z
  .strictObject(ages)
  .prefault({})
  .describe(
    'How long pictures are kept where that is less long than their tracks and events; never applied to marked events',
  );

/** How long, and how many, pictures of one camera are kept. */
export const cameraSnapshots = z
  .strictObject({
    ...ages,
    maxGb: z
      .number()
      .min(0.001)
      .optional()
      .describe(
        'Most that the pictures of this camera may take, GB: of tracks before events, the oldest first',
      ),
  })
  .optional()
  .describe('How long pictures of this camera are kept, where that differs from data.snapshots');

type Ages = z.output<typeof snapshotAges>;

/** How long pictures are kept, ms, by what they show; absent: as long as that. */
export type SnapshotAgesMs = Readonly<Partial<Record<'track' | 'info' | 'warning' | 'alert', number>>>;

const DAY_MS = 86_400_000;

/** Days as written, in ms. */
export function agesMsOf({ tracksDays, infoDays, warningDays, alertDays }: Ages): SnapshotAgesMs {
  const all = { track: tracksDays, info: infoDays, warning: warningDays, alert: alertDays };
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value * DAY_MS]])),
  );
}
