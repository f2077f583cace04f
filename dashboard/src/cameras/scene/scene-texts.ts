/** What proposals of zones say. */
export const sceneTexts = {
  propose: 'Propose zones',
  looking: 'Looking at several pictures, about 10 seconds',
  none: 'Nothing was found that would be a zone.',
  found: (count: number) => `${count} proposed. Take those that you want; they are saved with the rest.`,
  proposal: (what: string, share: number) => `${what}, ${Math.round(share * 100)}\u202f% of the picture`,
  take: 'Take',
  takeNamed: (what: string) => `Take ${what}`,
  dismiss: 'Dismiss',
} as const;
