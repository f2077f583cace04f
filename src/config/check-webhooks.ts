import type { Complain } from './check-rules.js';
import { nearestName } from './nearest-name.js';
import type { ConfigFile } from './schema.js';

/** Finds webhooks that name a camera that is not there. The file is already of the right form. */
export function checkWebhooks(file: ConfigFile, complain: Complain): void {
  const known = Object.keys(file.cameras);
  for (const [id, { cameras }] of Object.entries(file.webhooks)) {
    if (cameras === '*') continue;
    cameras.forEach((camera, at) => {
      if (known.includes(camera)) return;
      const nearest = nearestName(camera, known);
      const cure =
        nearest === undefined ? `there are ${known.slice(0, 8).join(', ')}` : `did you mean ${nearest}?`;
      complain(['webhooks', id, 'cameras', at], `there is no such camera; ${cure}`);
    });
  }
}
