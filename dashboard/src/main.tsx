import { effect } from '@preact/signals';
import { render } from 'preact';
import { loadSession, session } from './access/session.js';
import { App } from './app.js';
import { connectToServer } from './server-link.js';
import './style.css';

const stopWaiting = effect(() => {
  if (session.value?.isVisitor !== true && session.value?.me === undefined) return;
  queueMicrotask(() => stopWaiting());
  connectToServer();
});
void loadSession();
render(<App />, document.getElementById('app')!);
