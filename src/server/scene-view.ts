/** A part of a camera's picture that shows one thing, as a zone may be: in the answers about `cameras/:id/scene`. */
export interface SceneProposal {
  /** What it is, such as `road`, `kerb`, `pavement` or `vegetation`: see `docs/scene.md`. */
  readonly class: string;
  /** 3 to 64 corners in order around, [x, y] as shares of the picture: a zone's `polygon` as it is. */
  readonly polygon: readonly (readonly [x: number, y: number])[];
  /** Of the picture, 0..1. */
  readonly share: number;
  /** Mean probability of the class within, 0..1. */
  readonly confidence: number;
}

/** What a camera's picture shows where: the answer of `GET` and `POST /api/v1/cameras/:id/scene`. */
export interface SceneView {
  readonly camera: string;
  /** ISO 8601: when the last of the pictures was taken. */
  readonly lookedAt: string;
  /** Version of the model that looked, `name@sha256:…`. */
  readonly model: string;
  /** So many pictures were looked at together, so that what passes by cuts no hole. */
  readonly pictures: number;
  /** Of the camera's pictures, px. */
  readonly width: number;
  readonly height: number;
  /** Every class that the model tells apart, with its share of the picture, the largest first. */
  readonly classes: readonly { readonly class: string; readonly share: number }[];
  /** The largest first; empty where nothing is to be seen that a zone could be made of. */
  readonly proposals: readonly SceneProposal[];
}
