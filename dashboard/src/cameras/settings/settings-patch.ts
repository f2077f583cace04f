type Tree = Readonly<Record<string, unknown>>;

/** What a camera has at a key such as `analyse.fps`; undefined where it is left out. */
export function settingAt(camera: object | undefined, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (inside, part) => (typeof inside === 'object' && inside !== null ? (inside as Tree)[part] : undefined),
      camera,
    );
}

/**
 * The merge patch (RFC 7386) that makes a camera have what was entered; undefined: it has it already.
 *
 * @param entered by key; what is empty goes back to the default
 */
export function settingsPatch(camera: object | undefined, entered: ReadonlyMap<string, unknown>): unknown {
  const patch: Record<string, unknown> = {};
  for (const [key, value] of entered) {
    const wanted = isEmpty(value) ? null : value;
    const has = settingAt(camera, key) ?? null;
    if (JSON.stringify(has) === JSON.stringify(wanted)) continue;
    const parts = key.split('.');
    const last = parts.pop()!;
    const inside = parts.reduce((at, part) => (at[part] ??= {}) as Record<string, unknown>, patch);
    inside[last] = wanted;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
