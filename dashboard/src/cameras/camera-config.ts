import { useEffect, useRef, useState } from 'preact/hooks';
import { wordsOf } from '../request.js';
import { configChanges } from '../state.js';
import { oneByOne } from '../ui/one-by-one.js';
import { changeConfig, readConfig, type SavedConfig, type WrittenCamera } from './config-file.js';

/** One camera in the configuration as it was last read, and the ways to change it. */
export interface CameraConfig {
  /** Undefined before the first answer, and where the configuration has no such camera. */
  readonly camera: WrittenCamera | undefined;
  /** Why there is none, in words. */
  readonly fault: string | undefined;
  /** Reads it again; resolves to the camera as it is known then. */
  readonly reload: () => Promise<WrittenCamera | undefined>;
  /** Changes `camera` by a merge patch, if nothing else has changed since; resolves to what has become of it. Throws `RequestFault`. */
  readonly change: (patch: unknown) => Promise<WrittenCamera | undefined>;
}

/** Keeps a camera's part of the configuration, and reads it again when somebody has changed it. */
export function useCameraConfig(id: string): CameraConfig {
  const [state, setState] = useState<{ readonly saved?: SavedConfig; readonly fault?: string }>({});
  const latest = useRef<SavedConfig>(undefined);
  // What the stream tells of a change made here is read after the answer to that change, and is then nothing new.
  const [inOrder] = useState(oneByOne);
  const waiting = useRef<Promise<WrittenCamera | undefined>>(undefined);
  const keep = (next: SavedConfig): WrittenCamera | undefined => {
    // Each reading makes new objects: what is the same must not look changed.
    if (next.etag !== latest.current?.etag) {
      latest.current = next;
      setState({ saved: next });
    }
    return latest.current?.config.cameras?.[id];
  };
  const read = async () => {
    waiting.current = undefined;
    try {
      return keep(await readConfig());
    } catch (error) {
      setState((was) => ({ ...was, fault: wordsOf(error) }));
      return latest.current?.config.cameras?.[id];
    }
  };
  const reload = () => (waiting.current ??= inOrder(read));
  useEffect(() => void reload(), [id, configChanges.value]);
  // Not the latest: the patch was made for the one that is shown.
  const etag = state.saved?.etag ?? '""';
  return {
    camera: state.saved?.config.cameras?.[id],
    fault: state.fault,
    reload,
    change: (patch) => inOrder(async () => keep(await changeConfig({ cameras: { [id]: patch } }, etag))),
  };
}
