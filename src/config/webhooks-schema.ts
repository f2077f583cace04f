import { z } from 'zod';

/** What a webhook may be called: it stands in a header and in the log. */
const WEBHOOK_ID = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const SECRET_LENGTH_MIN = 16;

const url = z
  .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
  .max(2048)
  .refine((text) => !hasCredentials(text), {
    error: 'it may not have user:password@ in it, since receivers are given a signature made with secret',
  })
  .describe('Where messages are posted to, such as https://alarms.example/sightline');

const webhook = z
  .strictObject({
    url,
    secret: z
      .string()
      .min(SECRET_LENGTH_MIN)
      .max(512)
      .regex(/^[\x21-\x7e]+$/, 'it may have letters, digits and signs of ASCII only, without spaces')
      .describe(
        'What messages are signed with, 16 to 512 characters. Write it as ${VARIABLE}, made with openssl rand -hex 32',
      ),
    topics: z
      .array(z.enum(['event', 'track', 'camera']))
      .min(1)
      .optional()
      .describe('What is told: event, track or camera; [event] by default'),
    types: z
      .array(
        z.enum([
          'event.started',
          'event.updated',
          'event.ended',
          'track.started',
          'track.ended',
          'track.merged',
          'track.renamed',
          'track.classified',
          'text.read',
          'camera.status',
          'config.changed',
        ]),
      )
      .min(1)
      .optional()
      .describe('In place of topics: the types of messages that are told, such as [event.started]'),
    cameras: z
      .union([z.literal('*'), z.array(z.string().min(1)).min(1)], {
        error: "expected a list of cameras, or '*'",
      })
      .default('*')
      .describe("The cameras that are told of, by their ids; '*' is all"),
  })
  .refine(({ topics, types }) => topics === undefined || types === undefined, {
    path: ['types'],
    error: 'give it topics or types, and not both',
  })
  .describe('A receiver of messages');

/** Receivers by id. */
export const webhooksSection = z
  .record(z.string().regex(WEBHOOK_ID), webhook)
  .refine((webhooks) => Object.keys(webhooks).length <= 32, { error: 'there may be 32 at most' })
  .prefault({})
  .describe(
    'Receivers of messages over HTTP by id. An id starts with a small letter or digit and has at most 63 of a-z, 0-9, _ and -',
  );

function hasCredentials(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}
