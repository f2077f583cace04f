import { effect } from '@preact/signals';
import { render } from 'preact';
import { loadSession, session } from './access/session.js';
import { App } from './app.js';
import { connectToServer } from './server-link.js';
// In this order: later ones put right what earlier ones say.
import './style.css';
import './access/sign-in.css';
import './live/stage.css';
import './cameras/cameras.css';
import './phone.css';

const stopWaiting = effect(() => {
  if (session.value?.isVisitor !== true && session.value?.me === undefined) return;
  queueMicrotask(() => stopWaiting());
  connectToServer();
});
void loadSession();
render(<App />, document.getElementById('app')!);
