/** A detector in use: `GET /api/v1/models/:id`. What is known of the file is absent until it is loaded. */
export interface ModelView {
  /** As the configuration calls it; `default` is the one that comes with Sightline. */
  readonly id: string;
  /** `old`: another file or provider was asked for and cannot be used, and the one before goes on. */
  readonly state: 'loading' | 'ready' | 'failed' | 'old';
  /** Of the cameras that the caller may see: those that it looks for. */
  readonly cameras: readonly string[];
  /** `name@sha256:…` */
  readonly model?: string;
  readonly family?: string;
  readonly precision?: 'float32' | 'float16' | 'int8';
  /** ONNX Runtime's execution provider. */
  readonly provider?: string;
  /** What pictures are set into, px: one size, or any whose sides are multiples of `multipleOf`. */
  readonly input?: { readonly width: number; readonly height: number } | { readonly multipleOf: number };
  readonly labels?: readonly string[];
  /** The entry of the catalogue that its file is, and that one's SPDX identifier; absent for a file that the catalogue does not know. */
  readonly catalogue?: string;
  readonly licence?: string;
  /** Absent until it has looked at a picture. */
  readonly speed?: ModelSpeed;
  /** Providers that were tried before and cannot be used, and what is wrong: told to those with the permission `system`. */
  readonly fallbacks?: readonly { readonly provider: string; readonly reason: string }[];
  readonly reason?: string;
}

/** How long runs of a model take, measured on this machine: the newest pictures', where several may have shared one run. */
export interface ModelSpeed {
  /** Looked at since the server started. */
  readonly pictures: number;
  /** So many of the newest are behind the quantiles. */
  readonly window: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** A model that Sightline knows of. */
export interface CatalogueModelView {
  readonly name: string;
  readonly task: 'detect' | 'scene' | 'follow' | 'embed' | 'read' | 'light';
  readonly family: string;
  /** SPDX identifier. `isPermissive`: it asks for no more than a copy of itself. */
  readonly licence: string;
  readonly isPermissive: boolean;
  readonly origin: string;
  readonly note?: string;
  /** The picture that `cocoAp` is about: width×height in pixels, or what is open. */
  readonly input: string;
  /** AP on COCO val2017 as `cocoApSource` states it, 0..1. */
  readonly cocoAp?: number;
  readonly cocoApSource?: string;
  readonly megabytes?: number;
  /** Whether it is on this machine; `unverifiable` has no hash to be checked by. */
  readonly presence: 'built in' | 'yes' | 'no' | 'damaged' | 'unverifiable';
  /** Absent when it was not pulled by the API since the server started, or that was cancelled. */
  readonly pull?: ModelPullView;
}

/** How the latest pull of a model goes or went: `POST /api/v1/models/catalogue/:name/pull`. */
export interface ModelPullView {
  readonly state: 'running' | 'done' | 'failed';
  /** Of all its files, with what is here already. */
  readonly bytes: number;
  /** Absent where the catalogue does not know. */
  readonly totalBytes?: number;
  /** Why it failed, and the cure: told to those with the permission `system`. */
  readonly reason?: string;
}

/** `GET /api/v1/models`. */
export interface ModelList {
  readonly models: readonly ModelView[];
  readonly catalogue: readonly CatalogueModelView[];
}
