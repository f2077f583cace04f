/** What the sockets that carry pictures say, for the AsyncAPI document; the wire is told in `design/event-stream.md`. */
const binary = { type: 'string', format: 'binary' };

/** Messages of those sockets, as AsyncAPI message objects by name. */
export const FEED_MESSAGES = {
  MediaType: {
    summary: 'First of each stream: its MIME type, to be given to MediaSource as it is',
    contentType: 'text/plain',
    payload: { type: 'string', pattern: '^video/mp4; codecs="' },
    examples: [{ payload: 'video/mp4; codecs="avc1.64001e"' }],
  },
  Epoch: {
    summary: 'Second of each stream: which it is, and the size of its pictures, px',
    payload: {
      type: 'object',
      properties: {
        type: { const: 'epoch' },
        epoch: { type: 'integer', minimum: 1 },
        width: { type: 'integer', minimum: 1 },
        height: { type: 'integer', minimum: 1 },
      },
      required: ['type', 'epoch', 'width', 'height'],
    },
  },
  Fragment: {
    summary: 'Then the init segment (ftyp, moov), and one fragment (moof, mdat) a picture from a keyframe on',
    contentType: 'video/mp4',
    payload: binary,
  },
  Pictures: {
    summary: 'The bytes of one Matroska or WebM stream from its header on, cut anywhere, 64 KiB at most',
    contentType: 'video/webm',
    payload: binary,
  },
} as const;

const LIVE = ['MediaType', 'Epoch', 'Fragment'] as const;
const PUSH = ['Pictures'] as const;

const parameters = { id: { description: 'Id of the camera' } };

/** The channels, by name. */
export const FEED_CHANNELS = {
  live: {
    address: '/api/v1/cameras/{id}/live',
    title: 'Live pictures',
    description:
      'WebSocket. When the camera begins anew, so does the order of messages. Who is slower than the stream goes on at a later keyframe. Closed with 1001 when the camera is gone.',
    parameters,
    messages: referencesTo(LIVE),
    bindings: { ws: { method: 'GET' } },
  },
  push: {
    address: '/api/v1/cameras/{id}/push',
    title: 'Pictures of a webcam',
    description:
      'WebSocket, for cameras whose source is webcam:ID. Closed with 4408 when nothing came for ten seconds, 4409 when another one sends, 4401 when the session has ended, and 1013: begin anew, with a header, after half a second or more.',
    parameters,
    messages: referencesTo(PUSH),
    bindings: { ws: { method: 'GET' } },
  },
} as const;

/** What is done on them, by name. */
export const FEED_OPERATIONS = [
  ['tellPictures', { action: 'send', channel: 'live', messages: LIVE, title: 'What the server sends of a camera’s pictures' }], // prettier-ignore
  ['hearPictures', { action: 'receive', channel: 'push', messages: PUSH, title: 'What a browser sends of its webcam' }], // prettier-ignore
] as const;

function referencesTo(names: readonly string[]): Readonly<Record<string, { readonly $ref: string }>> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}
