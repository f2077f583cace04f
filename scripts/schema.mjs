// Writes sightline.schema.json, the JSON Schema of sightline.yaml for editors, from the built schema.
// Run after a change of src/config/schema.ts: node scripts/build.mjs && node scripts/schema.mjs
import fs from 'node:fs';
import { configJsonSchema } from '../dist/config/index.js';

const target = new URL('../sightline.schema.json', import.meta.url);
fs.writeFileSync(target, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
