export { MqttOutlet, type MqttOutletOptions } from './mqtt-outlet.js';
export type { DescribedCamera } from './home-assistant.js';
