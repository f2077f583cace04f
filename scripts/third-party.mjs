// Writes THIRD_PARTY.md: licence and size on disk of every package that an installation without development
// dependencies holds. Run after each change of dependencies, on Linux x64 (platform packages differ elsewhere).
// With --check it only compares, and fails when the page is out of date; sizes are not compared.
import fs from 'node:fs';
import path from 'node:path';

const ROOT = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const TARGET = path.join(ROOT, 'THIRD_PARTY.md');
const HEADER = '| package | version | licence | kB on disk |';

function bytesUnder(folder) {
  let bytes = 0;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    // Nested packages have rows of their own.
    if (entry.name === 'node_modules') continue;
    const inner = path.join(folder, entry.name);
    bytes += entry.isDirectory() ? bytesUnder(inner) : fs.lstatSync(inner).size;
  }
  return bytes;
}

function licenceOf(manifest) {
  const { license, licenses } = manifest;
  if (typeof license === 'string') return license;
  if (typeof license?.type === 'string') return license.type;
  return (licenses ?? []).map((one) => one.type ?? one).join(' OR ') || 'none stated';
}

const { packages } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8'));
const rows = Object.entries(packages)
  .filter(([place, entry]) => place !== '' && !entry.dev && fs.existsSync(path.join(ROOT, place)))
  .map(([place]) => {
    const folder = path.join(ROOT, place);
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const { name, version } = manifest;
    return { name, version, licence: licenceOf(manifest), bytes: bytesUnder(folder) };
  })
  .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));

const counts = new Map();
for (const { licence } of rows) counts.set(licence, (counts.get(licence) ?? 0) + 1);
const totalBytes = rows.reduce((sum, { bytes }) => sum + bytes, 0);

const page = `# Third-party packages

What \`npm ci --omit=dev\` installs on Linux x64 (glibc). Written by \`node scripts/third-party.mjs\`.

${rows.length} packages, ${(totalBytes / 1e6).toFixed(0)} MB on disk. Licences: ${[...counts]
  .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
  .map(([licence, count]) => `${licence} (${count})`)
  .join(', ')}.

## What to know before shipping

- **FFmpeg.** \`@ffmpeg-installer/ffmpeg\` is LGPL-2.1, but the program in its platform package (a static build of 2018) is
  configured with \`--enable-gpl --enable-version3\`: GPL-3.0. Sightline runs it as a separate program and does not link to it. It is the
  fallback where the system has no newer FFmpeg; the Docker image uses Debian's. Whoever redistributes the image or
  \`node_modules\` passes on GPL programs and owes their source.
- **libvips.** \`@img/sharp-libvips-*\` is LGPL-3.0-or-later, a shared library that sharp links to dynamically.
- **Default detector.** The weights (\`@vladmandic/human\`, \`models/centernet.*\`) are published in that package under MIT. The
  model's upstream repository, 610265158/mobilenetv3_centernet, has no licence file, and the training data is COCO (annotations CC BY 4.0, photographs under their Flickr licences). If that is not enough for your use, bring another model.
- **onnxruntime-node** is MIT; its GPU libraries are fetched only by \`npm run gpu:cuda\` and have NVIDIA's terms.
- **Swagger UI** (\`swagger-ui-dist\`, Apache-2.0) is a development dependency; its published files are in \`dist/api-docs\`, with its LICENSE, NOTICE and those of what is bundled in it.
- **The demo clip** in \`streams/\` is ours; \`streams/\` names the authors of the 3D models in it.

## Packages

${HEADER}
|---|---|---|---|
${rows.map((row) => `| ${row.name} | ${row.version} | ${row.licence} | ${Math.ceil(row.bytes / 1e3)} |`).join('\n')}
`;

/** Names, versions and licences alone: what does not depend on the file system. */
const comparable = (text) => text.match(/^\| (.*) \| \d+ \|$/gm)?.map((line) => line.replace(/ \d+ \|$/, ''));

if (process.argv.includes('--check')) {
  const known = comparable(fs.readFileSync(TARGET, 'utf8'))?.join('\n');
  if (known !== comparable(page)?.join('\n')) {
    console.error('THIRD_PARTY.md is out of date: run node scripts/third-party.mjs');
    process.exit(1);
  }
} else {
  fs.writeFileSync(TARGET, page);
}
