import { AppError } from '../base/index.js';
import { UNSURE } from '../models/index.js';

/** What a classifier tells apart, and of what. */
export interface ClassifierSettings {
  /** Two at least. */
  readonly classes: readonly string[];
  /** Labels of the tracks that it is asked about; all where absent. */
  readonly labels?: readonly string[];
  /** Ids of the cameras whose tracks it is asked about; all where absent. */
  readonly cameras?: readonly string[];
  /** Least probability of an answer, 0..1: below, it is unsure. */
  readonly unsureBelow: number;
}

/** What may be changed once examples are labelled. */
export type ClassifierChange = {
  readonly [Key in keyof Omit<ClassifierSettings, 'classes'>]?: ClassifierSettings[Key] | undefined;
};

/** @throws {AppError} `classifier/bad-classes` */
export function checkClasses(classes: readonly string[]): void {
  if (new Set(classes).size !== classes.length || classes.includes(UNSURE))
    throw new AppError(
      'classifier/bad-classes',
      'input',
      `"classes" must be different names, and none may be "${UNSURE}", which is what an answer of none is called; they are ${classes.join(', ')}`,
    );
}

/** @throws {AppError} `classifier/no-such-class` */
export function checkClass({ classes }: ClassifierSettings, name: string): void {
  if (!classes.includes(name))
    throw new AppError(
      'classifier/no-such-class',
      'input',
      `"class" is ${JSON.stringify(name)}, and the classes of this classifier are ${classes.join(', ')}`,
    );
}
