import * as ort from 'onnxruntime-node';

/** The ONNX Runtime in use and the execution providers of its build. */
export interface RuntimeInfo {
  readonly version: string;
  /** `isInstalled` false: named by this build, but its library must be installed first. */
  readonly providers: readonly { readonly name: string; readonly isInstalled: boolean }[];
}

/** Describes ONNX Runtime; opens no session. */
export function runtimeInfo(): RuntimeInfo {
  return {
    version: ort.env.versions.node ?? ort.env.versions.common,
    providers: ort.listSupportedBackends().map(({ name, bundled }) => ({ name, isInstalled: bundled })),
  };
}
