/** Everything that the page of the first camera says. */
export const startTexts = {
  title: 'Add a camera',
  steps: 'Steps',
  stepWay: 'Where its pictures come from',
  stepAdd: 'The camera',
  stepSee: 'The first picture',

  ways: 'Where do its pictures come from?',
  address: 'An address',
  addressAbout: 'You know the URL of its stream: rtsp, http, rtmp, srt or udp.',
  network: 'Search the network',
  networkAbout: 'ONVIF cameras near this server answer within three seconds.',
  clip: 'A clip',
  clipAbout: 'A video of yours, played in real time, over and over. Good for a first look.',

  search: 'Search again',
  searching: 'Asking the network',
  found: 'Cameras found',
  noneFound:
    'No camera answered. Those behind a router do not hear the question, and some have ONVIF turned off: give the address of the stream instead.',
  use: 'Use',
  useOf: (name: string) => `Use ${name}`,
  device: ({ name, address }: { readonly name?: string; readonly address: string }) => name ?? address,
  fromDevice: (name: string) =>
    `${name} has told where it is, and not where its stream is. Add the path to the address: it stands in the manual of the camera, often /stream1, /live or /h264.`,

  file: 'Video',
  fileHint: 'MP4, MKV, AVI and others, 4 GB at most.',
  id: 'Name',
  idHint: 'Small letters, digits, _ and -. It stands in addresses and messages.',
  idWrong: 'A name has small letters, digits, _ and -, and begins with a letter or digit.',
  idTaken: (id: string) => `There is a camera ${id} already: choose another name.`,
  noFile: 'Choose a video first.',
  sendAndShow: 'Send and show',
  sending: (share: number) => `${Math.round(share * 100)}\u202f% sent`,
  progress: 'Sent of the clip',

  gone: (id: string) => `There is no camera ${id}.`,
  waiting: (id: string) => `${id} is added. Its first picture comes in a moment.`,
  seen: (id: string) => `${id} shows its pictures. What is found in them has a box.`,
  settings: 'Zones, lines and rules of this camera',
  toLive: 'See all cameras',
  another: 'Add another',
} as const;
