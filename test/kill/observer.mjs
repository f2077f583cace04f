import { WebSocket } from 'ws';

/** An integrator of the event stream: keeps what it is told, resumes after its last number, and notes all that must not be. */
export class Observer {
  /** Every durable message by its number, as text. */
  messages = new Map();
  lastSeq = 0;
  /** Sentences. */
  faults = [];
  #socket;

  /** Resolves once the past has been caught up with. */
  async connect(url) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream`, 'sightline.v1');
    this.#socket = socket;
    socket.on('error', () => undefined); // it is killed
    await new Promise((resolve, reject) => {
      socket.once('close', () => reject(new Error('the stream was closed before it began')));
      socket.once(
        'open',
        () =>
        socket.send(JSON.stringify({ type: 'subscribe', cameras: '*', topics: ['event', 'track', 'camera'], since: this.lastSeq })), // prettier-ignore
      );
      let caughtUpSeq = Infinity;
      socket.on('message', (data) => {
        const text = data.toString();
        const message = JSON.parse(text);
        if (message.type === 'subscribed') caughtUpSeq = message.lastSeq;
        else if (message.type === 'gap' || message.type === 'error') this.faults.push(`told: ${text}`);
        else if (message.seq !== undefined) this.#take(message.seq, text);
        if (this.lastSeq >= caughtUpSeq) resolve();
      });
    });
  }

  #take(seq, text) {
    if (seq !== this.lastSeq + 1) this.faults.push(`after ${this.lastSeq} came ${seq}`);
    if (this.messages.has(seq)) this.faults.push(`${seq} came twice`);
    this.messages.set(seq, text);
    this.lastSeq = Math.max(this.lastSeq, seq);
  }

  disconnect() {
    this.#socket?.terminate();
  }
}
