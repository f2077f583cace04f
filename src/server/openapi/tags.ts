/** Groups of operations, in the order of the page; the first whose addresses begin like an operation's has it. */
const GROUPS: readonly { readonly tag: string; readonly about: string; readonly addresses: RegExp }[] = [
  {
    tag: 'Cameras',
    about: 'What they are, what they show now.',
    addresses: /^\/api\/v1\/(cameras|uploads|webcams)/,
  },
  { tag: 'Events', about: 'What rules found, and pictures of it.', addresses: /^\/api\/v1\/events/ },
  {
    tag: 'Tracks',
    about: 'Objects that were followed, and those that look alike.',
    addresses: /^\/api\/v1\/(tracks|search)/,
  },
  { tag: 'Recordings', about: 'What is recorded, as clips.', addresses: /^\/api\/v1\/recordings/ },
  { tag: 'Rules', about: 'What rules would have found.', addresses: /^\/api\/v1\/rules/ },
  {
    tag: 'Event stream',
    about: 'What happens, as it happens. The WebSocket beside it is told in asyncapi.json.',
    addresses: /^\/api\/v1\/stream/,
  },
  { tag: 'Models', about: 'What looks at pictures.', addresses: /^\/api\/v1\/models/ },
  { tag: 'Configuration', about: 'The file, read and changed.', addresses: /^\/api\/v1\/config/ },
  {
    tag: 'Signing in',
    about: 'One’s own session and account.',
    addresses: /^\/api\/v1\/(session|setup|login|logout|me)\b/,
  },
  { tag: 'Users and tokens', about: 'Who may do what.', addresses: /^\/api\/v1\/(users|tokens)/ },
  { tag: 'Audit log', about: 'Who did what.', addresses: /^\/api\/v1\/audit/ },
  { tag: 'Server', about: 'Health, metrics, documents.', addresses: /^\// },
];

/** The tags of the document, with what they are about. */
export const TAGS = GROUPS.map(({ tag, about }) => ({ name: tag, description: about }));

/** The tag of an operation. */
export function tagOf(path: string): string {
  return GROUPS.find(({ addresses }) => addresses.test(path))!.tag;
}
