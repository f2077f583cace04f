export { ConfigFile, type SavedConfig } from './config-file.js';
export {
  DEFAULT_MODEL_ID,
  DEFAULT_RECORD,
  type AnalyseConfig,
  type CameraConfig,
  type Config,
  type ModelConfig,
  type RecordConfig,
  type MqttConfig,
  type OidcConfig,
  type WebhookConfig,
} from './config.js';
export { demoConfig, demoText } from './demo.js';
export { diffCameras, differInRulesOnly, sectionsNeedingRestart, type CameraChanges } from './diff.js';
export type { Environment } from './environment.js';
export { refuseSource } from './file-only.js';
export { loadConfig } from './load.js';
export { nearestName } from './nearest-name.js';
export { PLATE_PATTERNS, readDefaults, type ReadConfig } from './read-schema.js';
export { parseCameraRules } from './parse-camera-rules.js';
export { parseYaml } from './plain-yaml.js';
export type {
  CalibrationConfig,
  CameraRules,
  EventPattern,
  LineConfig,
  RuleConfig,
  ScheduleConfig,
  TemporalRuleConfig,
  ZoneConfig,
} from './rules-schema.js';
export { CAMERA_ID, configJsonSchema } from './schema.js';
export { watchConfig, type ConfigWatch, type WatchOptions } from './watch.js';
export { uploadPath } from './source-address.js';
