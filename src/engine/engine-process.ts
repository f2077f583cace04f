/** Entry of the engine process: an {@link Engine} behind a framed link on file descriptor 3. Ends when the link does. */
import { Socket } from 'node:net';
import { createLog, encodeError, sleep, systemClock } from '../base/index.js';
import { InferencePool } from '../inference/index.js';
import { Engine } from './engine.js';
import { FramedLink } from './framing.js';
import type { EngineSetup, FromEngine, ToEngine } from './messages.js';

const LINK_FD = 3;
const HEARTBEAT_MS = 250;
const LEAVE_LIMIT_MS = 1000;

const log = createLog('info').child({ process: 'engine' });
const socket = new Socket({ fd: LINK_FD, readable: true, writable: true });
const link = new FramedLink<FromEngine, ToEngine>(socket, (message, payload) => receive(message, payload));
let engine: Engine | undefined;
/** What came before the sessions were loaded, in order. */
let early: [ToEngine, Buffer][] = [];

// The link ends when control does, however it ended: nothing may outlive it.
socket.on('close', () => void leave());
socket.on('error', (error) => log.debug({ cause: error.message }, 'link broke'));

/** Lets running inference end first: to exit within a native call aborts the process with a core dump. */
async function leave(): Promise<void> {
  await Promise.race([engine?.close(), sleep(systemClock, LEAVE_LIMIT_MS)]);
  process.kill(process.pid, 'SIGKILL');
}

function receive(message: ToEngine, payload: Buffer): void {
  if (message.type === 'setup') void start(message.setup);
  else if (engine === undefined) early.push([message, payload]);
  else apply(engine, message, payload);
}

function apply(target: Engine, message: Exclude<ToEngine, { type: 'setup' }>, payload: Buffer): void {
  switch (message.type) {
    case 'camera':
      return target.setCamera(message.camera);
    case 'camera-removed':
      return target.removeCamera(message.camera);
    case 'stream':
      return target.startStream(message.camera, { ...message, initSegment: payload });
    case 'fragment': {
      const { camera, epoch, ptsTicks, arrivedMs, capturedAtMs, isKeyframe } = message;
      return target.write(camera, epoch, { bytes: payload, ptsTicks, arrivedMs, capturedAtMs, isKeyframe });
    }
  }
}

async function start(setup: EngineSetup): Promise<void> {
  try {
    const pool = await InferencePool.open({
      modelPath: setup.modelPath,
      workers: setup.workers,
      log,
      // A session stuck in native code cannot be ended from within: control starts a new process.
      onStuck: () => process.kill(process.pid, 'SIGKILL'),
    });
    const started = new Engine({
      ffmpeg: setup.ffmpeg,
      pool,
      clock: systemClock,
      log,
      onObservation: (observation) => link.send({ type: 'observation', observation }),
    });
    const { version, provider, labels } = pool.model;
    link.send({ type: 'ready', model: version, provider, labels });
    engine = started;
    for (const [message, payload] of early) if (message.type !== 'setup') apply(started, message, payload);
    early = [];
  } catch (error) {
    link.send({ type: 'failed', error: encodeError(error) });
  }
}

setInterval(() => link.send({ type: 'heartbeat', counts: engine?.takeCounts() ?? {} }), HEARTBEAT_MS);
