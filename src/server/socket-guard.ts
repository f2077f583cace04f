import type { IncomingMessage } from 'node:http';
import { isSameCaller, type Accounts, type Caller } from '../access/index.js';
import { AppError, type Clock, type Timer } from '../base/index.js';
import type { Access } from './access.js';
import type { StreamChannel } from './stream-channel.js';

/** Sessions and tokens that end by themselves are noticed so soon. */
const LOOK_EVERY_MS = 4_000;
const SOCKETS_PER_USER_MAX = 20;
/** Close code of our own: the session or token is over, or may no longer what it might. */
const CLOSE_SIGNED_OUT = 4401;
/** Who does not say goodbye is cut off. */
const CUT_OFF_MS = 1000;

/** A WebSocket, or a channel of another kind. */
type Guardable = Pick<StreamChannel, 'close' | 'terminate' | 'once'>;

interface Guarded {
  readonly request: IncomingMessage;
  readonly caller: Caller;
}

/** Ends WebSockets and event streams whose caller is no longer who they were: signed out, removed, or with other rights. */
export class SocketGuard {
  readonly #access: Access;
  readonly #clock: Clock;
  readonly #guarded = new Map<Guardable, Guarded>();
  readonly #timer: Timer;
  readonly #stopListening: () => void;

  constructor(options: { access: Access; accounts: Accounts; clock: Clock }) {
    this.#access = options.access;
    this.#clock = options.clock;
    this.#timer = this.#clock.every(LOOK_EVERY_MS, () => this.#look());
    this.#stopListening = options.accounts.onChange(() => this.#look());
  }

  /** @throws {AppError} `server/too-many-sockets` when a user or token has 20 already */
  admit(caller: Caller): void {
    const holder = holderOf(caller);
    if (holder === undefined) return;
    const open = [...this.#guarded.values()].filter((guarded) => holderOf(guarded.caller) === holder).length;
    if (open >= SOCKETS_PER_USER_MAX)
      throw new AppError(
        'server/too-many-sockets',
        'unavailable',
        `you have ${SOCKETS_PER_USER_MAX} WebSockets and event streams open already: close some`,
      );
  }

  /** Watches a socket until it closes. */
  watch(socket: Guardable, request: IncomingMessage, caller: Caller): void {
    this.#guarded.set(socket, { request, caller });
    socket.once('close', () => this.#guarded.delete(socket));
  }

  close(): void {
    this.#timer.cancel();
    this.#stopListening();
  }

  #look(): void {
    for (const [socket, { request, caller }] of this.#guarded) {
      if (isSameCaller(this.#access.identify(request), caller)) continue;
      this.#guarded.delete(socket);
      socket.close(CLOSE_SIGNED_OUT, 'sign in again');
      const cutOff = this.#clock.after(CUT_OFF_MS, () => socket.terminate());
      socket.once('close', () => cutOff.cancel());
    }
  }
}

function holderOf(caller: Caller): string | undefined {
  return caller.kind === 'token' ? caller.credentialId : caller.userId;
}
