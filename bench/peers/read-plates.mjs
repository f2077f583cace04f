// The peer of sightline evaluate text: @gutenye/ocr-node on the same pictures, with the same models.
//   mkdir /tmp/peer && cd /tmp/peer && npm i @gutenye/ocr-node@1.4.8
//   node bench/peers/read-plates.mjs /tmp/peer FOLDER…       folders of OpenALPR's .txt files, pictures beside them
// It knows no plates, so two figures are told: any, whether any of its lines is the plate, which nobody could choose better; and chosen,
// the line of 4 to 9 letters and digits that it is surest of, no dates.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDateOrTime, textDistance } from '../../dist/reading/index.js';

const [, , home, ...folders] = process.argv;
const entry = path.resolve(home, 'node_modules/@gutenye/ocr-node/build/index.js');
const { default: Ocr } = await import(pathToFileURL(entry).href);
const ocr = await Ocr.create();
const plain = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, '');

for (const folder of folders) {
  const counts = { pictures: 0, any: 0, anyButConfusables: 0, chosen: 0, chosenButConfusables: 0, failed: 0 };
  let spentMs = 0;
  for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
    const cells = fs.readFileSync(path.join(folder, name), 'utf8').trim().split('\t');
    const [file, truth] = [path.join(folder, cells[0]), cells[5]];
    counts.pictures++;
    const startedMs = performance.now();
    const lines = await ocr.detect(file).catch(() => {
      counts.failed++;
      return [];
    });
    spentMs += performance.now() - startedMs;
    const texts = lines.map(({ text, mean }) => ({ text: plain(text), mean, isDate: isDateOrTime(text) }));
    const [best] = texts
      .filter(({ text, isDate }) => text.length >= 4 && text.length <= 9 && !isDate)
      .sort((a, b) => b.mean - a.mean);
    if (texts.some(({ text }) => text === truth)) counts.any++;
    if (texts.some(({ text }) => textDistance(text, truth) === 0)) counts.anyButConfusables++;
    if (best?.text === truth) counts.chosen++;
    if (best !== undefined && textDistance(best.text, truth) === 0) counts.chosenButConfusables++;
  }
  console.log(
    JSON.stringify({
      folder: path.basename(folder),
      ...counts,
      msPerPicture: Math.round(spentMs / counts.pictures),
    }),
  );
}
