import { AppError } from '../base/index.js';

/** The error for a file that is not a usable ONNX model. */
export function invalid(why: string, cause?: unknown): AppError {
  return new AppError(
    'model/invalid',
    'input',
    `The model file is not a valid ONNX model: ${why}. Download or export it again.`,
    { cause },
  );
}

/** The error for a model that would take more memory or time than any detector does. */
export function tooComplex(why: string): AppError {
  return new AppError(
    'model/too-complex',
    'input',
    `The model is refused because ${why}. Export it again, or choose another.`,
  );
}
