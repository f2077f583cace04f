export { SCENE_STRIDE_PX, recogniseScene, type SceneModel } from './scene-model.js';
export { decodeScene, type SceneMap } from './scene-map.js';
