import type { Request, Response } from 'express';
import type { Caller, Permission } from '../access/index.js';

/** A REST route, and everything that decides who may use it. Routes are data, so that a test can walk them all. */
export interface Route {
  /** Default: GET. State is changed by the other methods alone. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As express takes it: `/api/v1/cameras/:id`. */
  readonly path: string;
  readonly permission: Permission;
  /** For routes about one camera: its id. Who may not see that camera is answered exactly as if it were not there. */
  readonly cameraOf?: (request: Request) => string;
  /**
   * For routes about things of several cameras: `answer` leaves out what the caller may not see (`maySee(caller, camera)`), and answers as
   * if it were not there. A route with a permission about cameras that says neither is closed to everyone who may not see all cameras.
   */
  readonly filtersCameras?: true;
  /**
   * That it gives pictures away: `plain` as they are, and only to those who may see them so (checked before `answer` where `cameraOf` says whose
   * they are, else by `answer`); `redactable` covered, for those who may not. What a test walks.
   */
  readonly pictures?: 'plain' | 'redactable';
  /**
   * What the audit log calls it, such as `picture.view` or `clip.export`: noted when it was answered. Routes that give pictures away or change
   * something have one (accounts note their own, with the change). Views of one camera by one caller are noted once in ten minutes.
   */
  readonly audit?: string;
  /** The body is bytes, `application/octet-stream`, 4 MiB at most, and not JSON. */
  readonly takesBytes?: true;
  /** `request.body` holds the raw bytes of a JSON body, for `readBody`. */
  readonly answer: (request: Request, response: Response, caller: Caller) => void | Promise<void>;
}

/** Permissions under which things of cameras are given out: their routes say whose. */
export const CAMERA_PERMISSIONS: ReadonlySet<Permission> = new Set<Permission>([
  'cameras',
  'live',
  'stream',
  'events',
  'recordings',
  'control',
  'export',
]);
