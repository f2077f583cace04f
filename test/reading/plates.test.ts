import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  choosePlate,
  containerCheckDigit,
  decodeFreely,
  decodeTemplate,
  isContainerNumber,
  isDateOrTime,
  PATTERN_NAMES,
  PLATE_CHARACTERS,
  plateCandidates,
  plateClasses,
  plateLattice,
  platePatterns,
  readCtc,
  type CtcOutput,
} from '../../src/reading/index.js';

const alphabet = ['#', ...PLATE_CHARACTERS, ...PLATE_CHARACTERS.slice(10).toLowerCase(), ' '];

/** A line in which each step is certain but for `shares` of other characters: `'R K -'`, a step a word; `O:0.6,0:0.4`. */
function ctc(...steps: readonly string[]): CtcOutput {
  const classes = alphabet.length + 1;
  const probabilities = new Float32Array(steps.length * classes);
  steps.forEach((step, row) => {
    for (const part of step.split(',')) {
      const [value = '', share = '1'] = part.split(':');
      const c = value === '-' ? 0 : alphabet.indexOf(value === '_' ? ' ' : value) + 1;
      probabilities[row * classes + c] = Number(share);
    }
  });
  return { probabilities, steps: steps.length, classes };
}

const lattice = (...steps: readonly string[]) => plateLattice(ctc(...steps), plateClasses(alphabet));

describe('plain reading', () => {
  it('leaves out blanks and repetitions, and says how sure it is of each character', () => {
    const line = readCtc(ctc('A:0.7,B:0.3', 'A:0.9', '-', 'A', 'b:0.5', '-'), alphabet);
    expect(line.text).toBe('AAb');
    expect(line.characters.map(({ confidence }) => Number(confidence.toFixed(2)))).toEqual([0.9, 1, 0.5]);
    expect(line.confidence).toBeCloseTo(0.8, 5);
  });

  it('reads nothing of blanks, of numbers that are none, and of no steps', () => {
    expect(readCtc(ctc('-', '-'), alphabet).text).toBe('');
    expect(readCtc({ probabilities: new Float32Array(0), steps: 0, classes: 64 }, alphabet).text).toBe('');
    const broken = { probabilities: new Float32Array(64).fill(NaN), steps: 1, classes: 64 };
    expect(readCtc(broken, alphabet)).toEqual({ text: '', confidence: 0, characters: [] });
  });

  it('takes a line of 10,000 characters', () => {
    const steps = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? 'X' : '-'));
    expect(readCtc(ctc(...steps), alphabet).text).toBe('X'.repeat(10_000));
  });
});

describe('plates', () => {
  it('are letters and digits alone, small letters as capitals', () => {
    expect(decodeFreely(lattice('a', '-', '#', '_', '1')).line.text).toBe('A1');
  });

  it('take the likeliest path that fits a template', () => {
    const [template] = platePatterns(['LLDD']).templates;
    const line = lattice('R', 'O:0.3,0:0.7', 'O:0.6,0:0.4', '7');
    expect(decodeFreely(line).line.text).toBe('R0O7');
    expect(decodeTemplate(line, template!)?.line.text).toBe('RO07');
  });

  it('need a gap between equal characters, as CTC has it', () => {
    const [template] = platePatterns(['DD']).templates;
    expect(decodeTemplate(lattice('7', '-', '7'), template!)!.logProbability).toBeCloseTo(0, 3);
    expect(decodeTemplate(lattice('7', '7'), template!)!.logProbability).toBeLessThan(-5);
    expect(decodeTemplate(lattice('7'), template!)).toBeUndefined();
  });

  it('of any characters are found again by their own template', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...PLATE_CHARACTERS), { minLength: 1, maxLength: 9 }),
        (characters) => {
          const line = lattice(...characters.flatMap((character) => [character, '-']));
          const template = characters.map((character) => [PLATE_CHARACTERS.indexOf(character) + 1]);
          const found = decodeTemplate(line, template)!;
          expect(found.line.text).toBe(characters.join(''));
          expect(found.logProbability).toBeCloseTo(decodeFreely(line).logProbability, 4);
        },
      ),
    );
  });

  it('are chosen by all views together, and by their pattern where it is nearly as likely', () => {
    const views = [
      lattice('R', 'K', 'O:0.55,0:0.45', '9', '1', 'A', 'B'),
      lattice('R', 'K', '0:0.6,O:0.4', '9', '1', 'A', 'B'),
    ];
    expect(choosePlate(views, platePatterns(['sk']))).toMatchObject({
      line: { text: 'RK091AB' },
      fitsPattern: true,
    });
    expect(choosePlate([lattice('C', 'E', 'M', 'E', 'N', 'T')], platePatterns(['sk']))).toMatchObject({
      line: { text: 'CEMENT' },
      fitsPattern: false,
    });
    expect(choosePlate([lattice('A')])).toBeUndefined();
    expect(choosePlate([])).toBeUndefined();
  });

  it('have patterns by country, by union and written out, and no others', () => {
    for (const name of PATTERN_NAMES) expect(() => platePatterns([name])).not.toThrow();
    expect(platePatterns(['L{1,2}D']).templates.map(({ length }) => length)).toEqual([2, 3]);
    expect(platePatterns(['any']).templates).toEqual([]);
    for (const bad of ['', 'nowhere', 'LX', 'L{2,1}', 'L{9,9}L{9,9}', 'A{0,9}A{0,9}A{0,9}A{0,9}'])
      expect(() => platePatterns([bad])).toThrow(expect.objectContaining({ code: 'reading/bad-pattern' }));
  });

  it('are not the times that cameras write into pictures', () => {
    for (const time of ['2014-05-0', '09:23:20', '12.05.2014']) expect(isDateOrTime(time)).toBe(true);
    for (const plate of ['RK-099AN', '376-8750', 'B MW 2014']) expect(isDateOrTime(plate)).toBe(false);
  });

  it('may be in two parts beside one another', () => {
    const quad = (x: number, y: number, length: number) =>
      ({ corners: [[x, y], [x + length, y], [x + length, y + 20], [x, y + 20]] as const, score: 0.9 }); // prettier-ignore
    const found = plateCandidates([quad(0, 0, 40), quad(50, 3, 40), quad(50, 60, 40), quad(0, 100, 400)]);
    expect(found).toHaveLength(4);
    expect(found.at(-1)!.corners[1][0]).toBeCloseTo(90, -1);
  });
});

describe('container numbers', () => {
  it('are known by their check digit', () => {
    // Examples of ISO 6346 as published.
    expect(containerCheckDigit('CSQU305438')).toBe(3);
    expect(isContainerNumber('CSQU3054383')).toBe(true);
    expect(isContainerNumber('MSKU6011673')).toBe(containerCheckDigit('MSKU601167') === 3);
    expect(isContainerNumber('CSQU3054384')).toBe(false);
    expect(isContainerNumber('CSQA3054383')).toBe(false);
  });

  it('fit their pattern with the right digit alone', () => {
    const steps = (text: string) => [...text].flatMap((character) => [character, '-']);
    const patterns = platePatterns(['container']);
    expect(choosePlate([lattice(...steps('CSQU3054383'))], patterns)).toMatchObject({ fitsPattern: true });
    expect(choosePlate([lattice(...steps('CSQU3054384'))], patterns)).toMatchObject({ fitsPattern: false });
  });
});
