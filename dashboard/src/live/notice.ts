import type { CameraView, EngineHealthView } from '../../../src/server/protocol.js';
import { toneOf } from '../cameras/camera-state.js';
import type { ServerLink } from '../state.js';
import { texts } from '../texts.js';
import type { PlayerStatus, StillStatus } from './picture-status.js';

/** What a picture follows from: of the server, the camera and this browser. */
export interface PictureFacts {
  readonly link: ServerLink;
  readonly engine: EngineHealthView | undefined;
  /** Undefined before the server told of it. */
  readonly camera: CameraView | undefined;
  readonly player: PlayerStatus;
  /** Of the still pictures that are shown in place of a video. */
  readonly still: StillStatus | undefined;
}

/** What is said of a picture. */
export interface Notice {
  readonly what: string;
  readonly why?: string;
}

/** Faults of a camera in which its pictures do not show what is there now. */
const NOT_LIVE_FAULTS: ReadonlySet<string> = new Set(['frozen', 'signal-lost']);

/** Why the picture on the screen is not live, the first cause first; undefined while it is. */
export function whyNotLive({ link, engine, camera, player, still }: PictureFacts): Notice | undefined {
  if (link.kind === 'lost') return { what: texts.serverLost(link.sinceMs) };
  if (camera !== undefined && toneOf(camera.state) !== 'good')
    return {
      what: texts.cameraDown(camera),
      ...(camera.reason === undefined ? {} : { why: camera.reason }),
    };
  const fault = camera?.health.faults.find((one) => NOT_LIVE_FAULTS.has(one.fault));
  if (fault !== undefined) return { what: texts.faults([fault]) };
  const isCoveringAway = camera?.redacted === true && engine !== undefined && engine.state !== 'ready';
  const because = isCoveringAway ? { why: texts.coveringAway(engine) } : {};
  switch (player.kind) {
    case 'playing':
      return undefined;
    case 'waiting':
      return { what: texts.waiting, ...because };
    case 'stale':
      return { what: texts.stale(player.sinceMs), ...because };
    case 'late':
      return { what: texts.late(player.sinceMs), why: texts.lateBy(player.lateMs) };
    case 'unsupported':
      return whyNoStill(still, texts.unsupported(player.mime));
  }
}

function whyNoStill(still: StillStatus | undefined, beforeFirst: string): Notice | undefined {
  if (still?.kind === 'shown') return undefined;
  if (still === undefined || still.kind === 'waiting') return { what: beforeFirst };
  return { what: texts.stale(still.sinceMs), why: still.reason };
}

/** What else there is to say of a picture that is live. */
export function remarksOn({ engine, camera, player }: PictureFacts): string[] {
  const remarks: string[] = [];
  if (player.kind === 'unsupported') remarks.push(texts.stillInstead(player.mime));
  if (camera?.redacted === true) remarks.push(texts.peopleCovered);
  if (engine !== undefined && engine.state !== 'ready') remarks.push(texts.engineAway(engine));
  const faults = camera?.health.faults.filter((one) => !NOT_LIVE_FAULTS.has(one.fault)) ?? [];
  if (faults.length > 0) remarks.push(texts.faults(faults));
  return remarks;
}
