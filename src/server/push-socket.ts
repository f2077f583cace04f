import type { WebSocket } from 'ws';
import { AppError } from '../base/index.js';
import type { PushTarget } from './dependencies.js';
import { CLOSE } from './stream-client.js';

/** Close codes of our own for who sends a camera's pictures; besides 1013: try again. */
const CLOSE_PUSH = { idle: 4408, taken: 4409 } as const;

const ENDINGS = {
  'too-fast': { code: CLOSE.tryAgain, words: 'more is sent than can be taken: begin anew' },
  idle: { code: CLOSE_PUSH.idle, words: 'nothing was sent for ten seconds' },
  over: { code: CLOSE.tryAgain, words: 'the camera begins anew: try again' },
} as const;

/** Takes a camera's pictures from one WebSocket, Matroska or WebM in binary messages cut anywhere, until either ends. */
export function servePush(socket: WebSocket, target: PushTarget): void {
  try {
    const push = target.open({
      setPaused(isPaused) {
        if (isPaused === socket.isPaused) return;
        if (isPaused) socket.pause();
        else socket.resume();
      },
      end(why) {
        const { code, words } = ENDINGS[why];
        // A paused socket would not hear the answer to its close.
        socket.resume();
        socket.close(code, words);
      },
    });
    socket.on('message', (bytes: Buffer, isBinary) => {
      if (isBinary) push.write(bytes);
      else socket.close(CLOSE.policy, 'pictures are binary messages');
    });
    socket.once('close', () => push.close());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const isTaken = error.kind === 'conflict';
    socket.close(isTaken ? CLOSE_PUSH.taken : CLOSE.tryAgain, error.message.slice(0, REASON_MAX));
  }
}

/** A close frame has room for 123 bytes; names of cameras are plain letters. */
const REASON_MAX = 123;
