import { z } from 'zod';
import { watchList } from './read-schema.js';
import { classifierRuleKeys } from './classifier-rule-schema.js';

/** What zones, lines and rules may be called. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const NAME_MEANING = 'A small letter or digit, then at most 62 of a-z, 0-9, _ and -';
const POINTS_MAX = 64;
const A_DAY_S = 86_400;

const share = z.number().min(0).max(1);
const point = z.tuple([share, share]).describe('[x, y] as shares of the picture, from its top left corner');
const name = z.string().regex(NAME).describe(NAME_MEANING);
const metre = z.number().min(-100_000).max(100_000);

/** A part of the picture. */
export const polygon = z
  .array(point)
  .min(3)
  .max(POINTS_MAX)
  .describe('Three to 64 corners in order around, [x, y] as shares of the picture');

const zone = z
  .strictObject({
    polygon,
    by: z
      .enum(['foot', 'box', 'mask'])
      .default('foot')
      .describe(
        'What of an object must be within: foot, the middle of its lower edge; box or mask, a share of it (mask falls back to the box)',
      ),
    share: z
      .number()
      .min(0.01)
      .max(1)
      .default(0.5)
      .describe('Share of the box or mask that must be within, 0.01 to 1; for by: box and mask'),
    debounceSeconds: z
      .number()
      .min(0)
      .max(60)
      .default(0.5)
      .describe('How long an object must have been within, or outside, before it counts; 0 to 60'),
  })
  .describe('A part of the picture');

const line = z
  .strictObject({
    points: z
      .tuple([point, point])
      .describe('Where it begins and ends. Who goes along it and crosses from left to right goes in'),
    by: z
      .enum(['foot', 'centre'])
      .default('foot')
      .describe('What of an object crosses: the middle of its lower edge, or of its box'),
    debounceSeconds: z
      .number()
      .min(0)
      .max(60)
      .default(1)
      .describe('Who crosses and comes back within this time has not crossed; 0 to 60'),
  })
  .describe('A line that is crossed in (from its left to its right) and out');

const fourPoints = <T extends z.ZodType>(one: T) => z.tuple([one, one, one, one]);
const calibration = z
  .strictObject({
    picture: fourPoints(point).describe('Four places on the ground, as shares of the picture'),
    metres: fourPoints(z.tuple([metre, metre])).describe(
      'The same four places on the ground, in metres from a place of your choice',
    ),
  })
  .describe('Where four places of the picture are on the ground: what speed is measured with');

const days = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe('A time of day such as "06:30"');
const schedule = z
  .strictObject({
    days: z.array(days).min(1).optional().describe('The days on which it begins; all by default'),
    from: timeOfDay.default('00:00').describe('When it begins, such as "22:00"'),
    to: timeOfDay
      .default('00:00')
      .describe('When it ends, such as "06:00"; at or before its beginning: on the next day'),
    timeZone: z
      .string()
      .min(1)
      .max(64)
      .default('UTC')
      .describe('The time zone of the times, such as Europe/Berlin'),
  })
  .describe('When the rule is on; always by default');

const common = {
  name,
  severity: z.enum(['info', 'warning', 'alert']).default('info').describe('How much an event of it matters'),
  schedule: schedule.optional(),
};
const cooldown = {
  cooldownSeconds: z
    .number()
    .min(0)
    .max(A_DAY_S)
    .default(0)
    .describe('After an event of this rule has begun, so long no other does; 0 to 86400'),
};
const objects = {
  labels: z.array(z.string().min(1)).min(1).optional().describe('Which objects; all by default'),
  scoreMin: share.default(0).describe('Lowest score of an object that counts, 0 to 1'),
};
const inZone = { zone: name.describe('The name of a zone of this camera') };
const inZoneIfAny = {
  zone: name.optional().describe('The name of a zone of this camera; the whole picture by default'),
};
const seconds = (least: number, fallback: number, meaning: string) => ({
  seconds: z.number().min(least).max(A_DAY_S).default(fallback).describe(meaning),
});

/** Of each type of rule: its keys beside those that all have. */
const cameraRule = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('enter'), ...common, ...cooldown, ...objects, ...inZone }),
    z.strictObject({ type: z.literal('leave'), ...common, ...cooldown, ...objects, ...inZone }),
    z.strictObject({ type: z.literal('inside'), ...common, ...cooldown, ...objects, ...inZone }),
    z.strictObject({
      type: z.literal('loiter'),
      ...common,
      ...cooldown,
      ...objects,
      ...inZone,
      ...seconds(0.1, 30, 'How long an object must have been in the zone, 0.1 to 86400'),
    }),
    z.strictObject({
      type: z.literal('line'),
      ...common,
      ...objects,
      line: name.describe('The name of a line of this camera'),
      direction: z.enum(['in', 'out', 'both']).default('both').describe('Which crossings are told'),
    }),
    z.strictObject({ type: z.literal('occupancy'), ...common, ...objects, ...inZone }),
    z.strictObject({
      type: z.literal('crowding'),
      ...common,
      ...cooldown,
      ...objects,
      ...inZone,
      countMin: z.int().min(2).max(1000).describe('How many objects are too many, 2 to 1000'),
      ...seconds(0, 5, 'For how long there must be so many, 0 to 86400'),
    }),
    z.strictObject({
      type: z.literal('wrong-way'),
      ...common,
      ...cooldown,
      ...objects,
      ...inZoneIfAny,
      allowed: z
        .tuple([point, point])
        .describe('An arrow, from and to, in the direction in which one may go, as shares of the picture'),
      degrees: z
        .number()
        .min(10)
        .max(180)
        .default(120)
        .describe('From how far off that direction it is the wrong way, 10 to 180'),
      ...seconds(0, 1, 'For how long it must go that way, 0 to 86400'),
    }),
    z.strictObject({
      type: z.literal('stopped'),
      ...common,
      ...cooldown,
      ...objects,
      ...inZoneIfAny,
      ...seconds(1, 30, 'For how long it must stand still, 1 to 86400'),
      afterMoving: z
        .boolean()
        .default(true)
        .describe(
          'false counts objects, too, that nobody has seen move, such as cars parked before the start',
        ),
    }),
    z.strictObject({
      type: z.literal('abandoned'),
      ...common,
      ...cooldown,
      ...objects,
      labels: z
        .array(z.string().min(1))
        .min(1)
        .default(['backpack', 'handbag', 'suitcase'])
        .describe('Which objects are left behind'),
      owners: z
        .array(z.string().min(1))
        .min(1)
        .default(['person'])
        .describe('Labels of those who may stand by: while one is near, it is not abandoned'),
      ...inZoneIfAny,
      ...seconds(1, 60, 'For how long it must stand still with nobody near, 1 to 86400'),
    }),
    z.strictObject({
      type: z.literal('removed'),
      ...common,
      ...cooldown,
      ...objects,
      ...inZone,
      ...seconds(1, 60, 'For how long it must have stood still before it was taken, 1 to 86400'),
      goneSeconds: z
        .number()
        .min(1)
        .max(A_DAY_S)
        .default(5)
        .describe('For how long it must be gone, 1 to 86400'),
    }),
    z.strictObject({
      type: z.literal('speed'),
      ...common,
      ...cooldown,
      ...objects,
      ...inZoneIfAny,
      kmhAbove: z.number().min(0.1).max(1000).describe('Which speed is too fast, km/h, 0.1 to 1000'),
      ...seconds(0, 0.5, 'For how long it must be so fast, 0 to 86400'),
    }),
    z.strictObject({ type: z.literal('text'), ...common, ...cooldown, ...objects, ...inZoneIfAny, ...watchList }), // prettier-ignore
    z.strictObject({ ...common, ...cooldown, ...objects, ...inZoneIfAny, ...classifierRuleKeys }),
    z.strictObject({
      type: z.literal('light'),
      ...common,
      ...cooldown,
      regime: z
        .enum(['low', 'day', 'infrared', 'backlit', 'flash'])
        .default('low')
        .describe('Which light; flash: lightning and the like, told when it is over'),
      ...seconds(0, 30, 'For how long it must last, 0 to 86400; a flash lasts less than a second anyway'),
    }),
    z.strictObject({
      type: z.literal('health'),
      ...common,
      ...cooldown,
      faults: z
        .array(z.enum(['blocked', 'blurred', 'moved', 'frozen', 'infrared-failed', 'signal-lost']))
        .min(1)
        .default(['blocked', 'blurred', 'moved', 'frozen', 'infrared-failed', 'signal-lost'])
        .describe('Which faults of the camera are told, each as an event of its own'),
      ...seconds(0, 5, 'For how long it must last, beyond the time it takes to be noticed, 0 to 86400'),
    }),
    z.strictObject({
      type: z.literal('offline'),
      ...common,
      ...cooldown,
      ...seconds(1, 30, 'For how long no pictures must have come, 1 to 86400'),
    }),
  ])
  .describe('A rule: what becomes an event');

const eventPattern = z
  .strictObject({
    rule: name.describe('The name of a rule of a camera'),
    camera: z.string().min(1).optional().describe('The id of a camera; by default any that has such a rule'),
    on: z
      .enum(['started', 'ended'])
      .default('started')
      .describe('Whether the beginning or the end of an event counts'),
    label: z.string().min(1).optional().describe('Only events about such an object'),
  })
  .describe('Which events');

const within = (meaning: string) => z.number().min(0.1).max(A_DAY_S).describe(meaning);
const sameTrack = z
  .boolean()
  .default(false)
  .describe('true: both must be about one object, which one camera follows');

const temporalRule = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('sequence'),
      ...common,
      ...cooldown,
      first: eventPattern,
      then: eventPattern,
      withinSeconds: within('How soon the second must follow the first, 0.1 to 86400'),
      sameTrack,
    }),
    z.strictObject({
      type: z.literal('absence'),
      ...common,
      ...cooldown,
      first: eventPattern,
      without: eventPattern,
      withinSeconds: within('For how long the second must not follow the first, 0.1 to 86400'),
      sameTrack,
    }),
    z.strictObject({
      type: z.literal('repeated'),
      ...common,
      ...cooldown,
      event: eventPattern,
      times: z.int().min(2).max(1000).describe('How often, 2 to 1000'),
      withinSeconds: within('Within which time, 0.1 to 86400'),
    }),
  ])
  .describe('A rule about events, of one camera or several');

/** The keys of a camera that rules are made of. */
export const cameraRuleKeys = {
  zones: z.record(z.string().regex(NAME), zone).prefault({}).describe(`Zones by name. ${NAME_MEANING}`),
  lines: z.record(z.string().regex(NAME), line).prefault({}).describe(`Lines by name. ${NAME_MEANING}`),
  calibration: calibration.optional(),
  rules: z.array(cameraRule).max(200).prefault([]).describe('What becomes an event'),
};

/** Rules about events. */
export const temporalRules = z
  .array(temporalRule)
  .max(200)
  .prefault([])
  .describe('Rules about events of one camera or several: one after another, one without another, or many');

type Deep<T> = T extends readonly unknown[]
  ? { readonly [K in keyof T]: Deep<T[K]> }
  : T extends object
    ? { readonly [K in keyof T]: Deep<T[K]> }
    : T;

/** A zone as configured; corners are shares of the picture. */
export type ZoneConfig = Deep<z.output<typeof zone>>;
/** A line as configured; its ends are shares of the picture. */
export type LineConfig = Deep<z.output<typeof line>>;
/** Four places in the picture and on the ground. */
export type CalibrationConfig = Deep<z.output<typeof calibration>>;
/** When a rule is on. */
export type ScheduleConfig = Deep<z.output<typeof schedule>>;
/** A rule of a camera; `type` says which keys it has. */
export type RuleConfig = Deep<z.output<typeof cameraRule>>;
/** A rule about events. */
export type TemporalRuleConfig = Deep<z.output<typeof temporalRule>>;
/** Which events a rule about events is about. */
export type EventPattern = Deep<z.output<typeof eventPattern>>;

/** All that a camera's rules are made of. */
export interface CameraRules {
  readonly zones: Readonly<Record<string, ZoneConfig>>;
  readonly lines: Readonly<Record<string, LineConfig>>;
  readonly calibration?: CalibrationConfig | undefined;
  readonly rules: readonly RuleConfig[];
}
