/** What pictures can show to be wrong with their camera. */
export const PICTURE_FAULTS = ['blocked', 'blurred', 'moved', 'frozen', 'infrared-failed'] as const;

/** A fault that pictures show. */
export type PictureFault = (typeof PICTURE_FAULTS)[number];

/** What can be wrong with a camera; that no pictures come, pictures do not show. */
export const CAMERA_FAULTS = [...PICTURE_FAULTS, 'signal-lost'] as const;

/** A fault of a camera. */
export type CameraFault = (typeof CAMERA_FAULTS)[number];

/** How a camera is, by its pictures. `learning`: what it usually shows is not known, or moves all the time; only `frozen` is told then. */
export interface PictureHealth {
  readonly state: 'learning' | 'watching';
  readonly faults: readonly PictureFault[];
}
