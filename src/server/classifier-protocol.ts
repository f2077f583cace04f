import type { TrainingReport } from '../classifiers/index.js';

/** What a classifier says of a track; `confidence` is calibrated, 0..1. */
export interface TrackClassView {
  readonly classifier: string;
  readonly version: number;
  readonly value: string;
  readonly confidence: number;
}

/** A classifier that is trained by examples. */
export interface ClassifierView {
  readonly name: string;
  readonly classes: readonly string[];
  /** Labels and cameras of the tracks that it is asked about; all where absent. */
  readonly labels?: readonly string[];
  readonly cameras?: readonly string[];
  /** Least probability of an answer; below, it is `unsure`. */
  readonly unsureBelow: number;
  readonly madeAt: string;
  /** Examples by class. */
  readonly examples: Readonly<Record<string, number>>;
  /** The version in force. */
  readonly active?: number;
}

/** `GET /api/v1/classifiers`. */
export interface ClassifierList {
  readonly classifiers: readonly ClassifierView[];
}

/** A labelled picture. `clip`: what has the same comes from the same place and day, and is set aside together. */
export interface ExampleView {
  readonly id: number;
  readonly class: string;
  readonly origin: 'track' | 'event' | 'upload' | 'feedback';
  /** Id of its track or event. */
  readonly source?: string;
  readonly camera?: string;
  readonly clip: string;
  readonly addedAt: string;
}

/** `GET /api/v1/classifiers/:name/examples`, the newest first. */
export interface ExampleList {
  readonly examples: readonly ExampleView[];
}

/** A trained version, and what it is worth by examples that it had not seen; `POST …/train` answers with it. */
export interface VersionView {
  readonly version: number;
  readonly trainedAt: string;
  readonly report: TrainingReport;
}

/** `GET /api/v1/classifiers/:name/versions`, the newest first. */
export interface VersionList {
  readonly versions: readonly VersionView[];
}
