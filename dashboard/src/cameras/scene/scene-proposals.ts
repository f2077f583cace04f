import type { Point } from '../figures/figure.js';

/** A part of the picture that a network takes for road, pavement and the like: a zone that somebody may want. */
export interface Proposal {
  readonly class: string;
  readonly polygon: readonly Point[];
  /** Of the picture, 0..1. */
  readonly share: number;
  readonly confidence: number;
}

/** A name for a zone of a class: `road`, `grass-verge`. */
export function zoneNameOf(what: string): string {
  const word = what
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return word === '' ? 'zone' : word.slice(0, 60);
}
