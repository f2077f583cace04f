import { z } from 'zod';
import { CAMERA_FAULTS, LIGHT_REGIMES } from '../frames/index.js';

// What goes out, once: the types of `messages.ts`, the documents, and the tests that hold what is sent against them are all made of this.

const text = z.string();
const count = z.int().min(0);
const time = z.iso.datetime().describe('ISO 8601, UTC');
const box = z
  .tuple([z.number(), z.number(), z.number(), z.number()])
  .readonly()
  .describe('[x1, y1, x2, y2] in pixels of the source');
const size = z.strictObject({ width: count, height: count }).readonly();
const epoch = count.describe('The stream that ptsMs counts in: a reconnect starts another');
const ptsMs = z.number().describe('Presentation time within the live feed, ms');
const counts = z.record(text, count).readonly();
const answer = { version: count, value: text, confidence: z.number() };
const said = z
  .strictObject({ classifier: text, ...answer })
  .readonly()
  .describe('value is one of the classes of the classifier, or unsure; confidence is calibrated, 0..1');

/** What a client may subscribe to. */
export const topicSchema = z.enum(['event', 'track', 'frame', 'camera']);

/** Light of one frame. */
export const lightSchema = z
  .strictObject({
    regime: z.enum(LIGHT_REGIMES),
    meanLuma: z.number().describe('Mean of the luma plane, 0..1'),
    normalised: z.boolean(),
  })
  .readonly();

/** How sure the tracker is of an object. */
export const trackStateSchema = z
  .enum(['tentative', 'tracked', 'predicted', 'occluded'])
  .describe('predicted: carried by motion or by a search, without a detection');

/** An object of a `frame`. */
export const frameObjectSchema = z
  .strictObject({
    track: count,
    label: text,
    score: z.number(),
    box,
    state: trackStateSchema,
    confidence: z
      .number()
      .exactOptional()
      .describe('Of the search that shows it, 0..1, where no detection does'),
    mask: z
      .strictObject({ size: z.tuple([count, count]).readonly(), counts: text })
      .readonly()
      .exactOptional()
      .describe('COCO run-length encoding, in pixels of the source; size is [height, width]'),
    zones: z.array(text).readonly().exactOptional().describe('Names of those that it is in'),
    class: z
      .record(text, z.strictObject(answer).readonly())
      .readonly()
      .exactOptional()
      .describe('What classifiers of your own say that it is, by their names; value may be unsure'),
    text: z
      .strictObject({ value: text, confidence: z.number() })
      .readonly()
      .exactOptional()
      .describe('What is written on it, as text.read told it last'),
    speed: z.number().exactOptional().describe('On the ground, km/h, where the camera is calibrated'),
  })
  .readonly();

const base = { v: z.literal(1), camera: text.describe('Id of the camera; * for what concerns all'), time };

/** Objects of a frame. */
export const frameSchema = z
  .strictObject({
    ...base,
    type: z.literal('frame'),
    epoch,
    ptsMs,
    frame: size,
    light: lightSchema,
    objects: z.array(frameObjectSchema).readonly(),
    timing: z
      .strictObject({ decodeMs: z.number(), queueMs: z.number(), inferenceMs: z.number() })
      .readonly()
      .describe('Where the time since the arrival of the frame went'),
    dropped: count
      .exactOptional()
      .describe('Frames of this camera that this client did not get since the last one that it got'),
  })
  .readonly()
  .describe('All objects of one analysed frame; not kept, and may be dropped for a slow client');

/** An object that an event or a `track.*` is about. */
export const trackSchema = z.strictObject({ id: text, label: text, score: z.number(), box }).readonly();
const trackFacts = { ...base, epoch, ptsMs, frame: size, track: trackSchema, model: text };

const trackStartedOrEnded = z
  .strictObject({
    ...trackFacts,
    type: z.enum(['track.started', 'track.ended']),
    zones: z
      .array(text)
      .readonly()
      .exactOptional()
      .describe('Names of those that it was in until then; absent where there were none'),
  })
  .describe('An object came, or is gone');
const trackMerged = z
  .strictObject({ ...trackFacts, type: z.literal('track.merged'), into: text })
  .describe('Two tracks were one object: track is over, and all that it did belongs to into');
const trackRenamed = z
  .strictObject({
    ...trackFacts,
    type: z.literal('track.renamed'),
    was: z.strictObject({ label: text }).readonly(),
  })
  .describe('A track is something else than was said, from its start on');
const trackClassified = z
  .strictObject({
    ...base,
    type: z.literal('track.classified'),
    track: z.strictObject({ id: text, label: text }).readonly(),
    class: said,
  })
  .describe('What a classifier of your own says that a track is; told again when it says otherwise');
const point = z.tuple([z.number(), z.number()]).readonly();
const textRead = z
  .strictObject({
    ...trackFacts,
    type: z.literal('text.read'),
    text: z
      .strictObject({
        value: text,
        confidence: z.number().describe('Mean over the characters, 0..1'),
        characters: z
          .array(z.strictObject({ value: text, confidence: z.number() }).readonly())
          .readonly()
          .describe('Each with its share of the votes, times how sure they were'),
        views: z.int().min(1).describe('So many pictures of the track were read and have voted'),
        fitsPattern: z
          .boolean()
          .exactOptional()
          .describe('Of a plate: whether it fits one of the patterns of the camera'),
        seen: z
          .strictObject({
            ptsMs,
            box,
            polygon: z
              .tuple([point, point, point, point])
              .readonly()
              .describe('Corners of the line from where it begins, in pixels of the source'),
          })
          .readonly()
          .describe('The picture that shows it best, of the same epoch, and where the track was in it'),
      })
      .readonly(),
    was: z
      .strictObject({ value: text })
      .readonly()
      .exactOptional()
      .describe('What was told of this track before: this corrects it'),
  })
  .describe(
    'What is written on a track, by a vote of the pictures that show it; told again when it is another',
  );
const cameraStatus = z
  .strictObject({
    ...base,
    type: z.literal('camera.status'),
    status: z
      .strictObject({
        state: text,
        reason: text.exactOptional(),
        codec: text.exactOptional(),
        width: count.exactOptional(),
        height: count.exactOptional(),
        transcoded: z.boolean(),
        masked: z.literal(true).exactOptional(),
      })
      .readonly(),
  })
  .describe('The connection of a camera changed its state');
const configChanged = z
  .strictObject({
    ...base,
    type: z.literal('config.changed'),
    cameras: z
      .strictObject({ added: z.array(text), removed: z.array(text), changed: z.array(text) })
      .readonly(),
  })
  .describe('Another configuration is in force');

/** Crossings of a line since a time. */
export const lineCountsSchema = z.strictObject({ in: counts, out: counts, since: time }).readonly();

/** What an event measured. */
export const eventValueSchema = z
  .strictObject({
    seconds: z.number().exactOptional(),
    count: count.exactOptional(),
    peak: count.exactOptional(),
    kmh: z.number().exactOptional(),
    direction: z.enum(['in', 'out']).exactOptional(),
    isCounted: z.boolean().exactOptional().describe('False: told, and not counted any more'),
    counts: lineCountsSchema.exactOptional(),
    fault: z.enum(CAMERA_FAULTS).exactOptional(),
    text: text.exactOptional().describe('What was read'),
    entry: text.exactOptional().describe('The entry of the list that it is nearest to'),
    distance: z.number().exactOptional().describe('By how much it differs from that'),
    class: said.exactOptional(),
  })
  .readonly();

/** Why an event is over. */
export const eventEndingSchema = z.enum([
  'over',
  'lost',
  'merged',
  'renamed',
  'schedule',
  'stream',
  'config',
]);

const eventKeys = z.strictObject({
  id: text,
  rule: z.strictObject({ name: text, type: text, version: text }).readonly(),
  severity: z.enum(['info', 'warning', 'alert']),
  zone: text.exactOptional(),
  line: text.exactOptional(),
  label: text.exactOptional().describe('What it is about, where that is one object'),
  tracks: z.array(trackSchema).readonly().describe('The objects that made it: 50 at most'),
  startedAt: time,
  endedAt: time.exactOptional(),
  ending: eventEndingSchema.exactOptional(),
  value: eventValueSchema.exactOptional(),
  events: z.array(text).readonly().exactOptional().describe('Those that it was made from, by id'),
});

/** What is known of an event. */
export const eventFactsSchema = eventKeys.readonly();

const event = z
  .strictObject({
    ...base,
    type: z.enum(['event.started', 'event.updated', 'event.ended']),
    epoch: epoch.exactOptional(),
    ptsMs: ptsMs.exactOptional(),
    frame: size.exactOptional(),
    event: eventFactsSchema,
    before: eventKeys
      .partial()
      .readonly()
      .exactOptional()
      .describe('Of event, what was otherwise in the message before'),
    model: text.exactOptional(),
  })
  .describe('What a rule looks for began, changed or is over; each event.started has one event.ended');

/** Durable messages before the journal has numbered them, by name. */
export const durableSchemas = {
  TrackStartedOrEnded: trackStartedOrEnded,
  TrackMerged: trackMerged,
  TrackRenamed: trackRenamed,
  TrackClassified: trackClassified,
  TextRead: textRead,
  CameraStatus: cameraStatus,
  ConfigChanged: configChanged,
  Event: event,
} as const;

const seq = {
  seq: z.int().min(1).describe('Rises by one per message of the whole server, and never repeats'),
};

/** Durable messages as they go out, by name. */
export const numberedSchemas = {
  TrackStartedOrEnded: trackStartedOrEnded.extend(seq).describe(trackStartedOrEnded.description!),
  TrackMerged: trackMerged.extend(seq).describe(trackMerged.description!),
  TrackRenamed: trackRenamed.extend(seq).describe(trackRenamed.description!),
  TrackClassified: trackClassified.extend(seq).describe(trackClassified.description!),
  TextRead: textRead.extend(seq).describe(textRead.description!),
  CameraStatus: cameraStatus.extend(seq).describe(cameraStatus.description!),
  ConfigChanged: configChanged.extend(seq).describe(configChanged.description!),
  Event: event.extend(seq).describe(event.description!),
} as const;
