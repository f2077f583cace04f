// Writes sightline.schema.json, the JSON Schema of sightline.yaml for editors, from the built schema.
// Run after a change of src/config/schema.ts: npm run build && node scripts/schema.mjs
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import { configJsonSchema } from '../dist/config/index.js';

const target = fileURLToPath(new URL('../sightline.schema.json', import.meta.url));
const options = { ...(await prettier.resolveConfig(target)), filepath: target };
fs.writeFileSync(target, await prettier.format(JSON.stringify(configJsonSchema()), options));
