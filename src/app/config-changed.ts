import type { Clock } from '../base/index.js';
import { PROTOCOL_VERSION, type ConfigChangedMessage } from '../events/index.js';

/** The message that another configuration is in force. */
export function configChanged(
  cameras: ConfigChangedMessage['cameras'],
  clock: Pick<Clock, 'wallMs'>,
): ConfigChangedMessage {
  const time = new Date(clock.wallMs()).toISOString();
  return { v: PROTOCOL_VERSION, type: 'config.changed', camera: '*', time, cameras };
}
