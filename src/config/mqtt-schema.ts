import { z } from 'zod';

const TOPIC = /^[^+#\s/$\0][^+#\s\0]*(?<!\/)$/;
const topic = z
  .string()
  .max(128)
  .regex(TOPIC, 'expected a topic such as sightline, without +, #, spaces, or / at its ends');

/** The one MQTT broker that is told; absent: none. */
export const mqttSection = z
  .strictObject({
    url: z
      .url({ protocol: /^(mqtts?|wss?)$/, error: 'expected a URL that begins with mqtt, mqtts, ws or wss' })
      .max(2048)
      .refine((text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '', {
        error: 'it may not have user:password@ in it: set username and password',
      })
      .describe('The broker, such as mqtts://broker.example:8883'),
    username: z.string().min(1).max(512).optional(),
    password: z.string().min(1).max(512).optional().describe('Write it as ${VARIABLE}'),
    clientId: z.string().min(1).max(64).default('sightline').describe('Unique at the broker'),
    topicPrefix: topic.default('sightline').describe('What all topics begin with'),
    qos: z
      .union([z.literal(1), z.literal(2)], { error: 'expected 1 or 2: with 0, messages would be lost' })
      .default(1),
    tls: z
      .strictObject({
        ca: z.string().min(1).optional().describe('PEM file of the authority that signed the broker'),
        cert: z.string().min(1).optional().describe('PEM file of the certificate shown to the broker'),
        key: z.string().min(1).optional().describe('PEM file of its key'),
      })
      .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
        error: 'cert and key belong together: give both or none',
      })
      .prefault({}),
    homeAssistant: z
      .strictObject({ enabled: z.boolean().default(false), discoveryPrefix: topic.default('homeassistant') })
      .prefault({})
      .describe('Tells Home Assistant which entities there are'),
  })
  .refine(({ username, password }) => password === undefined || username !== undefined, {
    path: ['password'],
    error: 'a password needs a username',
  })
  .optional()
  .describe('An MQTT broker that is told of events, tracks and camera states');
