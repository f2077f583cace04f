export { Webhooks, type WebhooksOptions } from './webhooks.js';
