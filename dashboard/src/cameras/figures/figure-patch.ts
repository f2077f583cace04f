import { freeName, type Drawing, type Figure, type Point } from './figure.js';

/** What of a camera in the configuration figures are about, as it is written there: defaults are left out. */
export interface CameraFigures {
  readonly zones?: Readonly<Record<string, Written & { readonly polygon: readonly Point[] }>>;
  readonly lines?: Readonly<Record<string, Written & { readonly points: readonly Point[] }>>;
  readonly rules?: readonly WrittenRule[];
}

/** A rule as it is written. */
export type WrittenRule = Readonly<Record<string, unknown>> & {
  readonly zone?: string;
  readonly line?: string;
};
type Written = Readonly<Record<string, unknown>>;
type Patch = Record<string, Record<string, unknown> | null>;

/** A JSON merge patch of a camera. */
export interface CameraPatch {
  zones?: Patch;
  lines?: Patch;
  rules?: readonly WrittenRule[];
}

const SECTIONS = { zone: 'zones', line: 'lines' } as const;
const POINTS = { zone: 'polygon', line: 'points' } as const;

/** The figures of a camera as they are saved. */
export function drawingOf(camera: CameraFigures): Drawing {
  return (['zone', 'line'] as const).flatMap((kind) =>
    Object.entries(camera[SECTIONS[kind]] ?? {}).map(([name, written]) => ({
      key: `${kind} ${name}`,
      kind,
      name,
      savedName: name,
      points: (written as Written)[POINTS[kind]] as readonly Point[],
    })),
  );
}

/** What must be patched so that the camera has these figures; undefined: nothing. Rules follow figures that were renamed. */
export function patchOf(camera: CameraFigures, drawing: Drawing): CameraPatch | undefined {
  const patch: CameraPatch = {};
  for (const kind of ['zone', 'line'] as const) {
    const section = sectionPatch(
      kind,
      camera[SECTIONS[kind]] ?? {},
      drawing.filter((figure) => figure.kind === kind),
    );
    if (Object.keys(section).length > 0) patch[SECTIONS[kind]] = section;
  }
  const rules = renamedRules(camera.rules ?? [], drawing);
  if (rules !== undefined) patch.rules = rules;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Whether two names are used for one kind of figure, or one is none at all: it cannot be saved like this. */
export function namesTwice(drawing: Drawing): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { kind, name, key } of drawing) {
    const full = `${kind} ${name}`;
    if (seen.has(full)) twice.add(key);
    seen.add(full);
  }
  return twice;
}

/** A drawing as it is after something was saved, and the names of figures that were changed there as well as here: mine stand. */
export interface Rebased {
  readonly drawing: Drawing;
  readonly clashes: readonly string[];
}

/**
 * What was drawn, on top of a configuration that somebody else changed meanwhile: mine where I drew, theirs elsewhere.
 *
 * @param base what I began with
 * @param fresh as it is now
 */
export function rebased(base: CameraFigures, fresh: CameraFigures, drawing: Drawing): Rebased {
  return onto(drawingOf(base), drawingOf(fresh), drawing);
}

/**
 * What was drawn, by now or at another step, on top of what I have saved myself.
 *
 * @param sent the drawing that was saved
 * @param written what has become of it
 */
export function onSaved(sent: Drawing, written: CameraFigures, drawing: Drawing): Drawing {
  const settled = (figures: Drawing) =>
    figures.map(({ savedName: _, ...figure }) => {
      const kept = sent.find(({ key }) => key === figure.key);
      return kept === undefined ? figure : { ...figure, savedName: kept.name };
    });
  return onto(settled(sent), drawingOf(written), settled(drawing)).drawing;
}

function onto(before: Drawing, theirs: Drawing, drawing: Drawing): Rebased {
  const named = (figures: Drawing, { kind, savedName }: Figure) =>
    figures.find((one) => one.kind === kind && one.savedName === savedName);
  const clashes: string[] = [];
  const isTheirs = (figure: Figure) => !isSame(named(before, figure), named(theirs, figure));
  const kept = drawing.flatMap((figure) => {
    if (figure.savedName === undefined) return [figure];
    const there = named(theirs, figure);
    const isMine = !isSame(named(before, figure), figure);
    if (isMine && isTheirs(figure)) clashes.push(figure.name);
    if (!isMine) return there === undefined ? [] : [{ ...there, key: figure.key }];
    if (there !== undefined) return [figure];
    const { savedName: _, ...anew } = figure;
    return [anew];
  });
  const fromThem = theirs.filter((figure) => {
    if (named(drawing, figure) !== undefined) return false;
    const isDeletedByMe = named(before, figure) !== undefined;
    if (isDeletedByMe && isTheirs(figure)) clashes.push(figure.name);
    return !isDeletedByMe;
  });
  // A figure keeps its key when it is renamed and saved: another one may have come by its first name.
  const keys = kept.map(({ key }) => key);
  const added = fromThem.map((figure) =>
    keys.includes(figure.key) ? { ...figure, key: freeName(figure.key, keys) } : figure,
  );
  return { drawing: [...kept, ...added], clashes };
}

function isSame(one: Figure | undefined, other: Figure | undefined): boolean {
  return one?.name === other?.name && JSON.stringify(one?.points) === JSON.stringify(other?.points);
}

function sectionPatch(
  kind: Figure['kind'],
  saved: Readonly<Record<string, Written>>,
  figures: Drawing,
): Patch {
  const patch: Patch = {};
  const wanted = new Map(figures.map((figure) => [figure.name, figure]));
  for (const name of Object.keys(saved)) if (!wanted.has(name)) patch[name] = null;
  for (const { name, savedName, points } of figures) {
    const before = savedName === undefined ? {} : (saved[savedName] ?? {});
    if (name === savedName) {
      if (JSON.stringify(before[POINTS[kind]]) !== JSON.stringify(points))
        patch[name] = { [POINTS[kind]]: points };
      continue;
    }
    // What stands under this name now is another figure: of its keys nothing stays.
    const cleared = Object.fromEntries(Object.keys(saved[name] ?? {}).map((key) => [key, null]));
    patch[name] = { ...cleared, ...before, [POINTS[kind]]: points };
  }
  return patch;
}

function renamedRules(rules: readonly WrittenRule[], drawing: Drawing): readonly WrittenRule[] | undefined {
  const renamed = drawing.filter(({ name, savedName }) => savedName !== undefined && savedName !== name);
  const nameOf = (kind: Figure['kind'], name: string | undefined) =>
    renamed.find((figure) => figure.kind === kind && figure.savedName === name)?.name ?? name;
  const next = rules.map((rule) => ({
    ...rule,
    ...(rule.zone !== undefined && { zone: nameOf('zone', rule.zone)! }),
    ...(rule.line !== undefined && { line: nameOf('line', rule.line)! }),
  }));
  return JSON.stringify(next) === JSON.stringify(rules) ? undefined : next;
}
