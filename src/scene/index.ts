import type { SceneLook, ScenePicture } from './look-at-scene.js';

export { lookInProcess } from './look-in-process.js';
export type { SceneLook, ScenePicture } from './look-at-scene.js';

/**
 * Looks at pictures of one camera on the calling thread, which it blocks: for the command line. What that needs is loaded only then.
 * @throws {AppError} `model/*`, naming the file; `scene/bad-picture`; `inference/failed`
 */
export async function lookAtScene(
  modelPath: string,
  pictures: AsyncIterable<ScenePicture>,
): Promise<SceneLook> {
  const { lookAtScene: look } = await import('./look-at-scene.js');
  return look(modelPath, pictures);
}
