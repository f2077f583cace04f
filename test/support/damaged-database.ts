import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PAGE_BYTES = 4096;
/** First byte of a page that holds rows of a table, and of one with entries of an index, or rows of a table without row ids. */
const LEAVES = { rows: 0x0d, keys: 0x0a };

/**
 * Overwrites one page of rows, or of keys, in the database of a data directory that nobody has open, the first one in which `text` stands; gives what stood there, as
 * Latin-1.
 */
export function damagePageWith(dataDir: string, text: string, kind: keyof typeof LEAVES = 'rows'): string {
  const file = path.join(dataDir, 'sightline.db');
  const bytes = readFileSync(file);
  for (let at = PAGE_BYTES; at < bytes.length; at += PAGE_BYTES) {
    const page = bytes.subarray(at, at + PAGE_BYTES);
    if (page[0] !== LEAVES[kind] || !page.includes(text)) continue;
    const was = page.toString('latin1');
    page.fill(0xa7);
    writeFileSync(file, bytes);
    return was;
  }
  throw new Error(`no page of ${kind} has ${text}`);
}
