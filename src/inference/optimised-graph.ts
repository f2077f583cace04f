import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { env, type InferenceSession } from 'onnxruntime-node';

const SUFFIX = '.optimised.onnx';
/** Graphs that are kept, the newest ones. */
const KEPT_MAX = 24;

/** Opens a session from the bytes of a model. */
type OpenSession = (
  model: Uint8Array,
  changes?: InferenceSession.SessionOptions,
) => Promise<InferenceSession>;

/**
 * Opens a model through a cache of its optimised graph, which takes a third to a half of the time. What is kept holds for this
 * runtime, this processor and exactly these bytes, which is what its name says; a file that does not match its own hash is made anew.
 * A cache that cannot be read or written costs nothing but time.
 */
export async function openOptimised(
  model: Uint8Array,
  cacheDir: string | undefined,
  open: OpenSession,
): Promise<InferenceSession> {
  if (cacheDir === undefined) return open(model);
  const key = createHash('sha256')
    .update(`cpu ${env.versions.node ?? env.versions.common} ${process.arch} ${cpus()[0]?.model ?? ''}\n`)
    .update(model)
    .digest('hex');
  const file = path.join(cacheDir, `${key.slice(0, 32)}${SUFFIX}`);
  const kept = await readKept(file);
  // The graph went through every optimisation already, the layout for this processor among them.
  if (kept !== undefined) return open(kept, { graphOptimizationLevel: 'disabled' });

  const temporary = `${file}.${randomUUID()}.part`;
  try {
    await mkdir(cacheDir, { recursive: true });
  } catch {
    return open(model);
  }
  const saving = await open(model, { optimizedModelFilePath: temporary }).catch(() => undefined);
  // A full disk, or a model that cannot be opened at all, of which the second try tells.
  const session = saving ?? (await open(model));
  try {
    const bytes = await readFile(temporary);
    await writeFile(`${file}.sha256`, sha256(bytes));
    await rename(temporary, file);
    await forgetOld(cacheDir);
  } catch {
    // Not kept: the session is open, which is what counts.
  } finally {
    await rm(temporary, { force: true });
  }
  return session;
}

async function readKept(file: string): Promise<Uint8Array | undefined> {
  try {
    const [bytes, expected] = await Promise.all([readFile(file), readFile(`${file}.sha256`, 'utf8')]);
    // A copy of its own: a pooled Buffer's memory is not the runtime's to keep.
    return sha256(bytes) === expected ? new Uint8Array(bytes) : undefined;
  } catch {
    return undefined;
  }
}

async function forgetOld(cacheDir: string): Promise<void> {
  const names = (await readdir(cacheDir)).filter((name) => name.endsWith(SUFFIX));
  const dated = await Promise.all(
    names.map(async (name) => ({ name, madeMs: (await stat(path.join(cacheDir, name))).mtimeMs })),
  );
  dated.sort((a, b) => b.madeMs - a.madeMs);
  for (const { name } of dated.slice(KEPT_MAX))
    for (const end of ['', '.sha256']) await rm(path.join(cacheDir, `${name}${end}`), { force: true });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
