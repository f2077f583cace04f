// What the bench of light looks at: labelled photographs, clips, and night photographs.
import fs from 'node:fs';
import path from 'node:path';
import { readClassNames, readYoloLabels } from '../../dist/evaluation/index.js';
import { DEGRADED, degraded, detect, picturesOf, SURE } from './bad-light.mjs';

/** Of ExDark, in YOLO's order of numbers. */
const EXDARK = [];
Object.assign(EXDARK, { 3: 'bus', 4: 'car', 9: 'motorcycle', 10: 'person' });

/** One set: its pictures with what is in them, and the ways in which they are made worse. A `camera` has pictures of one size. */
export async function setOf(name, { data, clip, every, limit }) {
  if (name === 'coco') {
    const names = readClassNames(fs.readFileSync(path.join(data, 'det/classes.yaml'), 'utf8'), 'yaml');
    const items = labelled(path.join(data, 'det/images'), path.join(data, 'det/labels'), names);
    // One shape of picture, as of one camera.
    const isUsual = ({ plan: { source } }) => source.widthPx === 640 && source.heightPx === 480;
    return {
      name: 'COCO',
      items: items.filter(isUsual),
      ways: { 'as it is': {}, ...DEGRADED },
      isCamera: true,
    };
  }
  if (name === 'night') {
    const dir = path.join(data, 'lowlight/SCI_difficult');
    return { name: 'night photographs', items: labelled(dir, dir, EXDARK), ways: { 'as it is': {} } };
  }
  const { plan, pictures } = picturesOf(path.join(data, 'video', clip), { every, limit });
  const truth = [];
  for (const rgb of pictures)
    truth.push((await detect(plan, degraded(rgb, plan))).filter(({ score }) => score >= SURE));
  const ways = { 'as it is': {}, ...DEGRADED };
  return { name: clip, items: [{ plan, pictures, truth }], ways, isCamera: true, isStream: true };
}

/** The pictures of a folder that have labels. */
function labelled(images, labels, names) {
  return fs.readdirSync(images).sort().flatMap((name) => {
    const file = path.join(labels, name.replace(/\.\w+$/, '.txt'));
    if (name.endsWith('.txt') || !fs.existsSync(file)) return [];
    const { plan, pictures } = picturesOf(path.join(images, name));
    return [{ plan, pictures, truth: [readYoloLabels(fs.readFileSync(file, 'utf8'), plan.source, names)] }];
  }); // prettier-ignore
}
