import { z } from 'zod';
import { eventFactsSchema, numberedSchemas } from '../../events/index.js';
import { COLOURS } from '../../frames/index.js';

export * from './camera-answers.js';

// What the routes answer: the types of `protocol.ts` once more, for the document and for the test that holds every answer against them.

const time = z.iso.datetime();
const text = z.string();
const count = z.int().min(0);
const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const size = z.strictObject({ width: count, height: count });
const cameras = z.union([z.literal('*'), z.array(text)]);
const role = z.enum(['viewer', 'operator', 'admin']);

/** An error. */
export const problem = z.strictObject({
  type: text,
  title: text,
  status: z.int(),
  detail: text,
  code: text,
});

/** An event. */
export const event = z.strictObject({
  seq: count,
  camera: text,
  marked: z.boolean(),
  review: z
    .strictObject({
      verdict: z.enum(['true', 'false alarm']).optional(),
      comment: text.optional(),
      by: text,
      at: time,
    })
    .optional(),
  event: eventFactsSchema,
  frame: size.optional(),
  model: text.optional(),
});
/** A page of events. */
export const eventPage = z.strictObject({ events: z.array(event), next: text.optional() });

const trackClass = z.strictObject({
  classifier: text,
  version: count,
  value: text,
  confidence: z.number(),
});
/** A track. */
export const track = z.strictObject({
  seq: count,
  id: text,
  camera: text,
  label: text,
  score: z.number(),
  startedAt: time,
  endedAt: time.optional(),
  mergedInto: text.optional(),
  frame: size,
  firstBox: box,
  lastBox: box,
  hasPath: z.boolean(),
  model: text,
  classes: z.array(trackClass).optional(),
  text: z.strictObject({ ...numberedSchemas.TextRead.shape.text.unwrap().shape, readAt: time }).optional(),
  zones: z.array(text).optional(),
  colour: z.enum(COLOURS).optional(),
});
/** A page of tracks. */
export const trackPage = z.strictObject({ tracks: z.array(track), next: text.optional() });
/** Tracks that look like one. */
export const similarTracks = z.strictObject({
  model: text,
  similar: z.array(z.strictObject({ score: z.number(), others: count.optional(), track })),
});
/** Tracks on which a text is written. */
export const textSearch = z.strictObject({
  texts: z.array(z.strictObject({ distance: z.number(), track })),
  isCut: z.boolean(),
});
/** Groups of tracks that look alike. */
export const lookGroups = z.strictObject({
  looked: count,
  isCut: z.boolean(),
  groups: z.array(z.strictObject({ count, tracks: z.array(z.strictObject({ score: z.number(), track })) })),
});
/** A classifier. */
export const classifier = z.strictObject({
  name: text,
  classes: z.array(text),
  labels: z.array(text).optional(),
  cameras: z.array(text).optional(),
  unsureBelow: z.number(),
  madeAt: time,
  examples: z.record(text, count),
  active: count.optional(),
});
/** All classifiers. */
export const classifierList = z.strictObject({ classifiers: z.array(classifier) });
/** A labelled picture. */
export const classifierExample = z.strictObject({
  id: count,
  class: text,
  origin: z.enum(['track', 'event', 'upload', 'feedback']),
  source: text.optional(),
  camera: text.optional(),
  clip: text,
  addedAt: time,
});
/** Labelled pictures. */
export const exampleList = z.strictObject({ examples: z.array(classifierExample) });
/** A trained version. */
export const classifierVersion = z.strictObject({
  version: count,
  trainedAt: time,
  report: z.strictObject({
    examples: z.array(count),
    validation: z
      .strictObject({
        by: z.enum(['clip', 'track']),
        folds: count,
        accuracy: z.number(),
        answered: z.number(),
        accuracyOfAnswered: z.number(),
        confusion: z.array(z.array(count)),
      })
      .optional(),
    temperature: z.number(),
    seconds: z.number(),
  }),
});
/** Trained versions. */
export const versionList = z.strictObject({ versions: z.array(classifierVersion) });
/** Where a track was. */
export const trackPath = z.strictObject({
  frame: size,
  points: z.array(z.array(z.number()).length(5)),
});

/** What rules would have done. */
export const rulesTrial = z.strictObject({
  events: z.array(eventFactsSchema),
  new: z.array(text),
  changed: z.array(z.strictObject({ id: text, was: text })),
  gone: z.array(text),
  tracks: count,
  isCut: z.boolean(),
});

/** A page of what is recorded. */
export const recordingPage = z.strictObject({
  recordings: z.array(
    z.strictObject({
      camera: text,
      from: time,
      to: time,
      severity: z.enum(['routine', 'event']),
      marked: z.boolean(),
      codec: text,
      width: count,
      height: count,
      frames: count,
      bytes: count,
      tier: text,
      epoch: count,
      open: z.literal(true).optional(),
    }),
  ),
  gaps: z.array(z.strictObject({ from: time, to: time, reason: text })),
  next: text.optional(),
});
/** What was marked. */
export const markResult = z.strictObject({ segments: count });

/** Callers who may not know more are told `ready` alone. */
export const readiness = z.looseObject({ ready: z.boolean(), reasons: z.array(text).optional() });
/** That it lives. */
export const alive = z.strictObject({ alive: z.literal(true) });

/** Who one is. */
export const me = z.strictObject({
  kind: z.enum(['session', 'token']),
  name: text,
  role: role.optional(),
  permissions: z.array(text),
  cameras,
});
/** What anybody may know before signing in. */
export const sessionState = z.strictObject({
  needsSetup: z.boolean(),
  isVisitor: z.boolean(),
  oidc: z.strictObject({ name: text }).optional(),
  me: me.optional(),
});
/** Where to sign in. */
export const oidcStart = z.strictObject({ address: text });
/** Where one is signed in. */
export const sessions = z.strictObject({
  sessions: z.array(
    z.strictObject({
      id: text,
      createdAt: time,
      seenAt: time,
      address: text,
      agent: text,
      isCurrent: z.boolean(),
    }),
  ),
});
/** A user. */
export const user = z.strictObject({
  id: text,
  name: text,
  role,
  cameras,
  issuer: text.optional(),
  createdAt: time,
});
/** All users. */
export const users = z.strictObject({ users: z.array(user) });
const token = z.strictObject({
  id: text,
  name: text,
  role,
  cameras,
  only: z.array(text).optional(),
  owner: text.optional(),
  createdAt: time,
  expiresAt: time.optional(),
});
/** Tokens, without their secrets. */
export const tokens = z.strictObject({ tokens: z.array(token) });
/** A token, with its secret. */
export const madeToken = z.strictObject({ secret: text, token });
/** Entries of the audit log. */
export const audit = z.strictObject({
  entries: z.array(
    z.strictObject({
      seq: count,
      time,
      who: text,
      what: text,
      target: text,
      detail: text,
      address: text,
      hash: text,
    }),
  ),
});
/** Whether the audit log is whole. */
export const auditCheck = z.strictObject({
  entries: count,
  anchor: z.strictObject({ seq: count, hash: text }),
  head: text,
  brokenAt: count.optional(),
});

/** Of `GET` and `PATCH config`: as `sightline.schema.json` says. */
export const savedConfig = z.record(z.string(), z.unknown());
