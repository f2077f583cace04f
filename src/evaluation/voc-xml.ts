import { DOMParser, onErrorStopParsing, ParseError, type Element } from '@xmldom/xmldom';
import { AppError, messageOf } from '../base/index.js';
import type { Box, Size } from '../geometry/index.js';
import type { LabelledObject } from './labelled-image.js';

/** What a Pascal VOC annotation file tells of one image. */
export interface VocAnnotation {
  readonly fileName?: string;
  readonly size?: Size;
  readonly objects: readonly LabelledObject[];
}

/**
 * Reads a Pascal VOC annotation file. Its corners are pixels counted from 1, both included, as in VOC's own development kit.
 * Entities beyond XML's own five are refused, and nothing outside the text is read.
 *
 * @throws {AppError} `evaluation/invalid-truth` with the line's number
 */
export function readVocAnnotation(xml: string): VocAnnotation {
  const root = parseXml(xml);
  if (root.nodeName !== 'annotation')
    throw refusal(root, `the root is <${root.nodeName}>; expected <annotation>`);
  const fileName = child(root, 'filename')?.textContent?.trim();
  const size = child(root, 'size');
  const [widthPx, heightPx] = ['width', 'height'].map((name) =>
    Number(size && child(size, name)?.textContent),
  );
  return {
    ...(fileName ? { fileName } : {}),
    // Some tools write 0 for a size that they do not know.
    ...(widthPx && heightPx ? { size: { widthPx, heightPx } } : {}),
    objects: children(root, 'object').map(readObject),
  };
}

function readObject(object: Element): LabelledObject {
  const label = needed(object, 'name').textContent?.trim() ?? '';
  if (label === '') throw refusal(object, '<name> is empty');
  const corners = needed(object, 'bndbox');
  const box: Box = [
    numberIn(corners, 'xmin') - 1,
    numberIn(corners, 'ymin') - 1,
    numberIn(corners, 'xmax'),
    numberIn(corners, 'ymax'),
  ];
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  if (width <= 0 || height <= 0) throw refusal(corners, '<xmax> or <ymax> is less than <xmin> or <ymin>');
  const isDifficult = child(object, 'difficult')?.textContent?.trim() === '1';
  return { label, box, areaPx: width * height, isCrowd: false, ...(isDifficult ? { isDifficult } : {}) };
}

function numberIn(parent: Element, name: string): number {
  const element = needed(parent, name);
  const text = element.textContent?.trim() ?? '';
  const value = text === '' ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw refusal(element, `<${name}> is "${text.slice(0, 40)}"; expected a number`);
}

function needed(parent: Element, name: string): Element {
  const found = child(parent, name);
  if (found === undefined) throw refusal(parent, `<${parent.nodeName}> has no <${name}>`);
  return found;
}

function child(parent: Element, name: string): Element | undefined {
  return children(parent, name)[0];
}

/** Direct children alone: the parts of an object have names and boxes of their own. */
function children(parent: Element, name: string): Element[] {
  return [...parent.childNodes].filter((node): node is Element => node.nodeName === name);
}

function parseXml(xml: string): Element {
  try {
    const parser = new DOMParser({ onError: onErrorStopParsing });
    const root = parser.parseFromString(xml.replace(/^\uFEFF/, ''), 'text/xml').documentElement;
    if (root !== null) return root;
  } catch (error) {
    const { lineNumber } =
      ((error instanceof ParseError ? error.locator : undefined) as { lineNumber?: number }) ?? {};
    const why = /^Reporting error "(.*)" caused/s.exec(messageOf(error))?.[1] ?? messageOf(error);
    throw refusal({ lineNumber }, `this is no XML: ${why.split('\n')[0]}`, error);
  }
  throw refusal({}, 'this is no XML: it is empty');
}

function refusal(
  { lineNumber }: { lineNumber?: number | undefined },
  why: string,
  cause?: unknown,
): AppError {
  const place = lineNumber === undefined || lineNumber === 0 ? '' : `line ${lineNumber}: `;
  return new AppError('evaluation/invalid-truth', 'input', `${place}${why}`, { cause });
}
