/** What the form for a new camera says. */
export const addTexts = {
  title: 'Add a camera',
  address: 'Address of the camera',
  addressHint:
    'An rtsp, http, rtmp, srt or udp address. Files, devices, and addresses with a password are written into sightline.yaml on the server.',
  test: 'Test',
  testing: 'Testing',
  testAgain: 'Test again',
  testTakes: 'This takes up to 20 seconds.',
  trial: 'What it shows',
  trialPicture: (source: string) => `Picture from ${source}`,
  firstPicture: (ms: number) => `first picture after ${(ms / 1000).toFixed(1)}\u202fs`,
  id: 'Name',
  idMeaning: 'A small letter or digit, then at most 62 of a-z, 0-9, _ and -.',
  idTaken: (id: string) => `There is a camera called ${id} already: choose another name.`,
  add: 'Add camera',
  addAnyway: 'Add it nevertheless',
} as const;
