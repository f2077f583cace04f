import { render } from 'preact';
import '@preact/signals';
import { App } from './app.js';
import { connectToServer } from './server-link.js';
import './style.css';

connectToServer();
render(<App />, document.getElementById('app')!);
