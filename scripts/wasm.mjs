// Makes src/store/scan-wasm.ts out of src/store/scan.wat; with --check it only says whether that is current.
import fs from 'node:fs';
import path from 'node:path';
import { Buffer } from 'node:buffer';
import wabtOf from 'wabt';

const ROOT = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const [source, target] = ['scan.wat', 'scan-wasm.ts'].map((name) => path.join(ROOT, 'src/store', name));
const wabt = await wabtOf();
const made = wabt.parseWat('scan.wat', fs.readFileSync(source, 'utf8'), { simd: true });
const base64 = Buffer.from(made.toBinary({}).buffer).toString('base64');
const text = `/** \`scan.wat\` as a WebAssembly module, base64. Made by \`node scripts/wasm.mjs\`: not to be edited. */\nexport const SCAN_WASM =\n  '${base64}';\n`;
if (!process.argv.includes('--check')) fs.writeFileSync(target, text);
else if (fs.readFileSync(target, 'utf8') !== text) {
  process.stderr.write('src/store/scan-wasm.ts is not that of scan.wat: run node scripts/wasm.mjs\n');
  process.exitCode = 1;
}
