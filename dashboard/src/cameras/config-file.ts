import { isConflict, request } from '../request.js';
import type { CameraFigures } from './figures/figure-patch.js';

/** A camera as the configuration has it: defaults are left out. */
export interface WrittenCamera extends CameraFigures {
  readonly source?: string;
  readonly name?: string;
}

/** The configuration as saved, as far as pages of cameras ask. */
export interface WrittenConfig {
  readonly cameras?: Readonly<Record<string, WrittenCamera>>;
}

/** With the tag that a change must name. */
export interface SavedConfig {
  readonly config: WrittenConfig;
  readonly etag: string;
}

const ADDRESS = '/api/v1/config';
/** So often a change that depends on nothing else is made anew when somebody else was quicker. */
const TRIES = 3;

/** Reads the configuration. Throws `RequestFault`. */
export async function readConfig(): Promise<SavedConfig> {
  return savedOf(await request(ADDRESS));
}

/** Changes it by a merge patch; resolves once that is in force. Throws `RequestFault`; see `isConflict`. */
export async function changeConfig(patch: unknown, etag: string): Promise<SavedConfig> {
  return savedOf(await request(ADDRESS, { method: 'PATCH', body: patch, headers: { 'if-match': etag } }));
}

/** The same for a change that is right whatever else has changed: reads first, and again when somebody else was quicker. */
export async function applyToConfig(patchFor: (config: WrittenConfig) => unknown): Promise<SavedConfig> {
  for (let tries = 1; ; tries++) {
    const { config, etag } = await readConfig();
    try {
      return await changeConfig(patchFor(config), etag);
    } catch (error) {
      if (!isConflict(error) || tries >= TRIES) throw error;
    }
  }
}

async function savedOf(response: Response): Promise<SavedConfig> {
  return { config: (await response.json()) as WrittenConfig, etag: response.headers.get('etag') ?? '' };
}
