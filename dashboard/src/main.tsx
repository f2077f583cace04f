import { effect } from '@preact/signals';
import { render } from 'preact';
import { comeBack } from './access/away.js';
import { loadSession, session } from './access/session.js';
import { App } from './app.js';
import { watchPlace } from './place.js';
import { connectToServer } from './server-link.js';
// In this order: later ones put right what earlier ones say.
import './style.css';
import './ui/ui.css';
import './access/sign-in.css';
import './live/stage.css';
import './cameras/cameras.css';
import './phone.css';

const stopWaiting = effect(() => {
  if (session.value?.isVisitor !== true && session.value?.me === undefined) return;
  queueMicrotask(() => stopWaiting());
  connectToServer();
});
watchPlace();
void comeBack().then(loadSession);
render(<App />, document.getElementById('app')!);
