/** Everything that is said of this device's webcam. */
export const webcamTexts = {
  way: 'This device’s webcam',
  wayAbout: 'Sent by this browser, for as long as its tab is open. Quickest to try: step in front of it.',

  asking: 'Your browser asks whether it may use the webcam.',
  preview: 'What the webcam shows',
  askAgain: 'Ask again',
  show: 'Show',

  line: 'This device’s webcam',
  sent: (camera: string) => `This device’s webcam is sent as ${camera}.`,
  lost: (camera: string) =>
    `This device’s webcam is to be sent as ${camera}: the server does not take it now, and is asked again.`,
  waits: (camera: string) => `${camera} waits for its webcam.`,
  stop: 'Stop',
  send: (camera: string) => `Send this device’s webcam as ${camera}`,
  close: 'Close',

  insecure: (origin: string) =>
    `Browsers give a webcam to pages over https or on localhost alone, and this one comes from ${origin}: give the server a certificate, or open this page on the machine itself.`,
  refused:
    'The browser was told not to give the webcam: allow it beside the address of this page, then ask again.',
  none: 'No webcam was found: plug one in, then ask again.',
  busy: 'The webcam cannot be used: another program may have it. Close that, then ask again.',
  failed: (why: string) => `The webcam cannot be used: ${why}.`,
  cannotRecord: 'This browser cannot send its webcam: it records neither WebM nor Matroska. A newer one can.',
  unplugged: 'The webcam is gone: it was unplugged, or the browser takes it back.',
  cameraGone: (camera: string) => `There is no camera ${camera} any more that this webcam is sent to.`,
  taken: 'Another browser sends its webcam to this camera: stop it there first.',
} as const;
