/** What a camera with a source would show: the answer of `POST /api/v1/cameras/test`. */
export interface CameraTestView {
  /** What was tried, without secrets. */
  readonly source: string;
  /** As a camera's; `live` when video came. */
  readonly state: string;
  /** What is wrong, unless it is `live`. */
  readonly reason?: string;
  readonly codec?: string;
  readonly width?: number;
  readonly height?: number;
  readonly fps?: number;
  /** It would be encoded anew, since its codec cannot be passed on. */
  readonly transcoded?: boolean;
  /** From the question until the first picture had come. */
  readonly firstPictureMs?: number;
  /** Where a JPEG of it is for five minutes, unless others are tried meanwhile. */
  readonly picture?: string;
}
