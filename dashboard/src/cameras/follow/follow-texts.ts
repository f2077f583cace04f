/** What following an object by hand says. */
export const followTexts = {
  begin: 'Follow an object',
  hint: 'Click an object in the picture, drag a box around one, or choose one by name. Escape gives up.',
  miss: 'No object was there. Drag a box around what is to be followed.',
  asking: 'Asking the engine',
  followed: (label: string, id: string) => `Following ${label}, as ${id}.`,
  stop: 'Stop following',
  over: (label: string) => `${label} is no longer followed: it was lost, or the stream began anew.`,
  boxes: 'Objects that are seen now',
  noBoxes: 'None is seen now.',
  followNamed: (label: string, track: number) => `Follow ${label} ${track}`,
} as const;
