// npm 11's `npm ci` refuses a lock file that lacks an optional platform package, and registries sometimes
// carry those late (npm itself then leaves them out). Adds a stub entry for each one missing, so that the
// lock installs on every platform whose packages exist. Run after each change of dependencies.
import fs from 'node:fs';

const PLATFORMS = /(android|darwin|freebsd|linux|win32|openharmony|aix|sunos|openbsd|netbsd|wasi|wasm)/;

const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
const packages = lock.packages;

/** Every place from which `dependant` could resolve `name`, nearest first. */
function resolutionPaths(dependant, name) {
  const paths = [];
  for (let base = dependant; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    paths.push(`${base ? `${base}/` : ''}node_modules/${name}`);
    if (!base) return paths;
  }
}

let added = 0;
for (const [dependant, entry] of Object.entries({ ...packages })) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolutionPaths(dependant, name).some((path) => packages[path])) continue;
    const platform = PLATFORMS.exec(name.split('/').pop())?.[1];
    packages[`node_modules/${name}`] = {
      version: range.replace(/^[\^~>=]*/, ''),
      optional: true,
      os: [platform ?? 'none'],
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} stub entries added to package-lock.json`);
