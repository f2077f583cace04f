export { App, type AppOptions } from './app.js';
