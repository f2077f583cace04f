/** Entry of the engine process: an {@link Engine} behind a framed link on file descriptor 3. Ends when the link does. */
import { Socket } from 'node:net';
import { createLog, encodeError, sleep, systemClock } from '../base/index.js';
import { InferencePool, TextPool } from '../inference/index.js';
import { Engine } from './engine.js';
import { FramedLink } from './framing.js';
import { viewMessage } from './track-view.js';
import type { EngineSetup, FromEngine, ToEngine } from './messages.js';

const LINK_FD = 3;
const HEARTBEAT_MS = 250;
const LEAVE_LIMIT_MS = 1000;
/** While so much waits for control, views of tracks are given up: what was seen comes first. */
const VIEWS_BACKLOG_BYTES_MAX = 4 << 20;

const log = createLog('info').child({ process: 'engine' });
const socket = new Socket({ fd: LINK_FD, readable: true, writable: true });
const link = new FramedLink<FromEngine, ToEngine>(socket, (message, payload) => receive(message, payload));
let engine: Engine | undefined;

// The link ends when control does, however it ended: nothing may outlive it.
socket.on('close', () => void leave());
socket.on('error', (error) => log.debug({ cause: error.message }, 'link broke'));

/** Lets running inference end first: to exit within a native call aborts the process with a core dump. */
async function leave(): Promise<void> {
  await Promise.race([engine?.close(), sleep(systemClock, LEAVE_LIMIT_MS)]);
  process.kill(process.pid, 'SIGKILL');
}

function receive(message: ToEngine, payload: Buffer): void {
  if (message.type === 'setup') start(message.setup);
  else if (engine !== undefined) apply(engine, message, payload);
}

function apply(target: Engine, message: Exclude<ToEngine, { type: 'setup' }>, payload: Buffer): void {
  switch (message.type) {
    case 'model':
      return target.setModel(message.model);
    case 'model-removed':
      return target.removeModel(message.model);
    case 'camera':
      return target.setCamera(message.camera, message.firstTrack);
    case 'camera-removed':
      return target.removeCamera(message.camera);
    case 'follow':
      return answerFollow(message.request, () => target.followByHand(message.camera, message.wish));
    case 'release':
      return answerFollow(message.request, () =>
        target.release(message.camera, message.track) ? message.track : undefined,
      );
    case 'redact':
      return void answerRedact(message.request, target.redact(message.model, payload, message.wish));
    case 'stream':
      return target.startStream(message.camera, { ...message, initSegment: payload });
    case 'fragment': {
      const { camera, epoch, ptsTicks, arrivedMs, capturedAtMs, isKeyframe } = message;
      return target.write(camera, epoch, { bytes: payload, ptsTicks, arrivedMs, capturedAtMs, isKeyframe });
    }
  }
}

function answerFollow(request: number, act: () => number | undefined): void {
  try {
    const track = act();
    link.send({ type: 'follow-result', request, ...(track !== undefined && { track }) });
  } catch (error) {
    link.send({ type: 'follow-result', request, error: encodeError(error) });
  }
}

async function answerRedact(request: number, redacted: Promise<Buffer>): Promise<void> {
  try {
    link.send({ type: 'redact-result', request }, await redacted);
  } catch (error) {
    link.send({ type: 'redact-result', request, error: encodeError(error) });
  }
}

/** Imported when it is asked for: most engines do without, and have to be back soon after a crash. */
async function pulledPath(name: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { pulledModel } = await import('../catalogue/index.js');
  return pulledModel(name, { task: 'detect', env, log });
}

function start({ ffmpeg, workers, graphCacheDir, follower, maskHead, modelEnv = {} }: EngineSetup): void {
  engine = new Engine({
    ffmpeg,
    workers,
    openModel: async ({ source, family, plan }) =>
      InferencePool.open({
        modelPath: 'path' in source ? source.path : await pulledPath(source.catalogueName, modelEnv),
        ...(family !== undefined && { family }),
        plan,
        workers,
        ...(graphCacheDir !== undefined && { graphCacheDir }),
        ...(follower !== undefined && { follower }),
        ...(maskHead !== undefined && { maskHead }),
        log,
        // A session stuck in native code cannot be ended from within: control starts a new process.
        onStuck: () => process.kill(process.pid, 'SIGKILL'),
      }),
    clock: systemClock,
    log,
    onObservation: (observation) => link.send({ type: 'observation', observation }),
    onView: (view) => {
      if (link.backlogBytes > VIEWS_BACKLOG_BYTES_MAX) return false;
      const { message, payload } = viewMessage(view);
      link.send(message, payload);
      return true;
    },
    openTexts: () => TextPool.open({ log, ...(graphCacheDir !== undefined && { graphCacheDir }) }),
    onText: (reading) => link.send({ type: 'text', reading }),
    onModelState: (model, state) => link.send({ type: 'model-state', model, state }),
    onTracksReset: (camera) => link.send({ type: 'tracks-reset', camera }),
  });
  link.send({ type: 'ready' });
}

setInterval(() => link.send({ type: 'heartbeat', counts: engine?.takeCounts() ?? {} }), HEARTBEAT_MS);
