/** The ONNX Runtime in use and the execution providers of its build. */
export interface RuntimeInfo {
  readonly version: string;
  /** `isInstalled` false: named by this build, but its library must be installed first. */
  readonly providers: readonly { readonly name: string; readonly isInstalled: boolean }[];
}

/**
 * Describes ONNX Runtime; opens no session. Loads the library into this process, which nothing but `doctor`
 * wants: sessions live in worker threads.
 */
export async function runtimeInfo(): Promise<RuntimeInfo> {
  const { env, listSupportedBackends } = await import('onnxruntime-node');
  return {
    version: env.versions.node ?? env.versions.common,
    providers: listSupportedBackends().map(({ name, bundled }) => ({ name, isInstalled: bundled })),
  };
}
