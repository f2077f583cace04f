import { z } from 'zod';
import { accessSection } from './access-schema.js';
import { cameraHistory, historyAges } from './history-schema.js';
import { mqttSection } from './mqtt-schema.js';
import { postgresUrl } from './postgres-schema.js';
import { readSection } from './read-schema.js';
import { record, recording } from './recording-schema.js';
import { redact } from './redact-schema.js';
import { cameraRuleKeys, polygon, temporalRules } from './rules-schema.js';
import { sceneSection } from './scene-schema.js';
import { cameraSnapshots, snapshotAges } from './snapshots-schema.js';
import { webhooksSection } from './webhooks-schema.js';

/** What a camera may be called: it appears in URLs, metric labels and file names. */
export const CAMERA_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;

/** What a model may be called. */
const MODEL_ID = /^[a-z0-9][a-z0-9._-]{0,62}$/;

const model = z
  .strictObject({
    file: z.string().min(1).max(4096).optional().describe('An ONNX file, relative to this file'),
    name: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe(
        'In place of file: a model that sightline models pull has fetched, by its name in sightline models list',
      ),
    family: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('What kind of detector it is, where that cannot be found out, such as yolox'),
    provider: z
      .enum(['auto', 'tensorrt', 'cuda', 'webgpu', 'coreml', 'dml', 'cpu'])
      .default('auto')
      .describe('Where it runs; auto takes the best that works, without tensorrt and webgpu'),
    required: z
      .boolean()
      .default(false)
      .describe('true refuses to run it elsewhere when the provider cannot be used'),
    deviceId: z.int().min(0).max(63).optional().describe('Which graphics card, from 0'),
    memoryLimitMb: z
      .int()
      .min(64)
      .max(1 << 20)
      .optional()
      .describe('Memory of the graphics card that it may take, MiB (cuda, tensorrt)'),
  })
  .refine(({ file, name }) => (file === undefined) !== (name === undefined), {
    error: 'give it a file or a name, and not both',
  })
  .describe('A detector of your own');

const analyse = z
  .strictObject({
    model: z
      .string()
      .min(1)
      .default('default')
      .describe('The detector: an id under models, or default for the one that comes with Sightline'),
    fps: z
      .number()
      .min(0.1)
      .max(60)
      .default(5)
      .describe('Highest number of pictures analysed a second, 0.1 to 60'),
    width: z
      .int()
      .min(64)
      .max(1920)
      .default(512)
      .describe('Longer side of the analysed picture in pixels, 64 to 1920; its aspect is kept'),
    detect: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('Labels to report, such as [person, car]; leave it out for all that the model knows'),
    scoreMin: z
      .number()
      .min(0)
      .max(1)
      .default(0.4)
      .describe('Lowest score at which an object begins to be tracked, 0 to 1'),
    detectEvery: z
      .union([z.int().min(1).max(30), z.literal('adaptive')])
      .default(1)
      .describe(
        'The detector looks at each n-th picture, 1 to 30, or adaptive: more often while something changes; tracks are followed through the others',
      ),
    follow: z
      .boolean()
      .default(true)
      .describe('false leaves tracks to motion alone where the detector does not see them'),
    heads: z
      .array(z.enum(['mask', 'text']))
      .max(2)
      .default([])
      .describe(
        'What else is found out about tracks, as processors have time: mask, which pixels of its box each one is; text, what is written on it',
      ),
    read: readSection.optional(),
    light: z
      .enum([
        'off',
        'auto',
        'gamma',
        'log',
        'equalise',
        'clahe',
        'grey-world',
        'shades-of-grey',
        'denoise',
        'balanced',
      ])
      .default('auto')
      .describe(
        'The light in which the detector sees pictures: off, as they are; auto, changed only while it is seen to find more then; or always by one method',
      ),
    snapshots: z
      .boolean()
      .default(true)
      .describe('false keeps no picture of tracks and events, and not how tracks look'),
  })
  .describe('How the pictures of this camera are analysed');

const camera = z
  .strictObject({
    source: z
      .string()
      .min(1)
      .max(4096)
      .describe(
        'Where the pictures come from: an rtsp(s), http(s), rtmp(s), srt or udp URL, a device such as ' +
          '/dev/video0, a video file (relative to this file; played in real time, over and over), upload: with the ' +
          'id of a clip that the server was sent, or webcam: with the id of a browser’s webcam, which that browser sends. ' +
          'Write passwords as ${VARIABLE}',
      ),
    name: z.string().min(1).max(200).optional().describe('What people call the camera; its id by default'),
    enabled: z
      .boolean()
      .default(true)
      .describe('false keeps the camera in the file without connecting to it'),
    analyse: analyse.prefault({}),
    record: record.prefault({}),
    history: cameraHistory,
    snapshots: cameraSnapshots,
    privacy: z
      .array(
        z.strictObject({
          polygon,
          fill: z
            .enum(['black', 'blur', 'pixelate'])
            .default('black')
            .describe('What is seen instead: black, or a few soft or square patches of colour'),
        }),
      )
      .max(16)
      .default([])
      .describe(
        'Parts of the picture that are masked before anything is shown, analysed or stored: up to 16. The camera is then encoded anew, which costs processor time',
      ),
    redact,
    ...cameraRuleKeys,
  })
  .describe('A camera');

/** The shape of `sightline.yaml`: every section, key, limit and default. Unknown keys are refused everywhere. */
export const configFileSchema = z
  .strictObject({
    server: z
      .strictObject({
        host: z
          .string()
          .min(1)
          .default('127.0.0.1')
          .describe('Address to listen on; 127.0.0.1 is this machine only, 0.0.0.0 every network'),
        port: z
          .int()
          .min(0)
          .max(65535)
          .default(8080)
          .describe('TCP port to listen on, 0 to 65535; 0 takes any free one'),
        publicUrl: z
          .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
          .optional()
          .describe(
            'The address that people type where it is not host and port: of the proxy in front that terminates TLS, such as ' +
              'https://cameras.example, or of the published port of a container, such as http://127.0.0.1:8080',
          ),
        tls: z
          .strictObject({
            cert: z
              .string()
              .min(1)
              .describe(
                'The certificate as a PEM file, with those of its issuers after it; relative to this file',
              ),
            key: z
              .string()
              .min(1)
              .describe(
                'Its key as a PEM file, unencrypted and not readable by everyone; relative to this file',
              ),
          })
          .optional()
          .describe(
            'Certificate of its own; read again when renewed. A host other than loopback needs this or an https publicUrl',
          ),
        trustedProxies: z
          .array(z.union([z.ipv4(), z.ipv6()]))
          .max(32)
          .default([])
          .describe('Addresses of proxies in front whose X-Forwarded-For is believed'),
      })
      .prefault({})
      .describe('The HTTP and WebSocket server'),
    ffmpeg: z
      .strictObject({
        path: z
          .string()
          .min(1)
          .optional()
          .describe(
            'The FFmpeg program to use, relative to this file; by default the system one or the bundled one, whichever is newer',
          ),
      })
      .prefault({})
      .describe('FFmpeg'),
    engine: z
      .strictObject({
        workers: z
          .int()
          .min(1)
          .max(256)
          .optional()
          .describe('Inference threads, 1 to 256; one per core by default'),
      })
      .prefault({})
      .describe('Decoding and inference'),
    data: z
      .strictObject({
        dir: z
          .string()
          .min(1)
          .default('sightline-data')
          .describe('Folder of everything the server stores; relative to this file'),
        postgres: postgresUrl,
        eventsDays: z
          .number()
          .min(1)
          .max(3650)
          .default(90)
          .describe('Events older than this are deleted, unless they are marked; 1 to 3650. See history'),
        tracksDays: z
          .number()
          .min(1)
          .max(3650)
          .default(30)
          .describe('Tracks, their paths and pictures older than this are deleted; 1 to 3650'),
        auditDays: z
          .number()
          .min(1)
          .max(3650)
          .default(365)
          .describe('Entries of the audit log older than this are deleted; 1 to 3650'),
        history: historyAges,
        snapshots: snapshotAges,
        snapshotsGb: z
          .number()
          .min(0)
          .max(100_000)
          .default(5)
          .describe(
            'Most that pictures of tracks and events may take, GB: those of the camera with the most go first, of tracks before events',
          ),
      })
      .prefault({})
      .describe('Storage'),
    recording,
    access: accessSection,
    models: z
      .record(z.string().regex(MODEL_ID), model)
      .prefault({})
      .describe('Detectors of your own by id; one called default takes the place of the built-in one'),
    scene: sceneSection,
    cameras: z
      .record(z.string().regex(CAMERA_ID), camera)
      .describe(
        'The cameras by id. An id starts with a small letter or digit and has at most 63 of a-z, 0-9, _ and -',
      ),
    rules: temporalRules,
    webhooks: webhooksSection,
    mqtt: mqttSection,
  })
  .describe('Configuration of a Sightline server (sightline.yaml)');

/** `sightline.yaml` as parsed, defaults filled in. */
export type ConfigFile = z.output<typeof configFileSchema>;

/** A camera's section `record` when the file has none. */
export const recordDefaults = () => record.parse({});

/** The part of JSON Schema that {@link configJsonSchema} uses and that is walked to explain errors. */
export interface JsonSchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly additionalProperties?: JsonSchemaNode | boolean;
  readonly items?: JsonSchemaNode;
  readonly const?: unknown;
  /** Several forms, told apart by the `const` of their `type`. */
  readonly oneOf?: readonly JsonSchemaNode[];
}

/** The JSON Schema (draft 2020-12) of `sightline.yaml`, for editors; published as `sightline.schema.json`. */
export function configJsonSchema(): JsonSchemaNode {
  return z.toJSONSchema(configFileSchema, { io: 'input' }) as JsonSchemaNode;
}
