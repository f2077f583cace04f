import { describe, expect, it } from '@jest/globals';
import { readVocAnnotation } from '../../src/evaluation/index.js';

const object = (inner: string) => `<annotation>\n<object>\n${inner}\n</object></annotation>`;
const box = '<bndbox><xmin>11</xmin><ymin>21</ymin><xmax>50</xmax><ymax>40</ymax></bndbox>';

describe('readVocAnnotation', () => {
  it('reads names, boxes counted from 1 with both corners included, and what is difficult', () => {
    const xml = `\uFEFF<?xml version="1.0"?>
      <annotation><filename>a &amp; b.jpg</filename><size><width>100</width><height>80</height><depth>3</depth></size>
      <object><name>dog</name><difficult>1</difficult>${box}
        <part><name>head</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></part></object>
      <object>${box}<name> cat </name></object></annotation>`;
    expect(readVocAnnotation(xml)).toEqual({
      fileName: 'a & b.jpg',
      size: { widthPx: 100, heightPx: 80 },
      objects: [
        { label: 'dog', box: [10, 20, 50, 40], areaPx: 800, isCrowd: false, isDifficult: true },
        { label: 'cat', box: [10, 20, 50, 40], areaPx: 800, isCrowd: false },
      ],
    });
  });

  it('reads an image without objects, and without a size', () => {
    const xml = '<annotation><size><width>0</width><height>0</height></size></annotation>';
    expect(readVocAnnotation(xml)).toEqual({ objects: [] });
  });

  it('expands no entity and reads no other file', () => {
    const bomb = `<!DOCTYPE annotation [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>\n`;
    for (const entity of ['&b;', '&f;']) {
      expect(() => readVocAnnotation(bomb + object(`<name>${entity}</name>${box}`))).toThrow(
        /line 4: .*entity not found/,
      );
    }
  });

  it.each([
    ['an empty file', '', /no XML/],
    ['what is no XML', '0 0.5 0.5 0.1 0.1', /no XML/],
    ['a tag that is not closed', object('<name>'), /^line 3: this is no XML/],
    ['another root', '<html></html>', /<html>; expected <annotation>/],
    ['an object without a name', object(box), /^line 2: <object> has no <name>/],
    ['an object with an empty name', object(`<name> </name>${box}`), /^line 2: <name> is empty/],
    ['an object without a box', object('<name>dog</name>'), /^line 2: <object> has no <bndbox>/],
    [
      'a box without a side',
      object('<name>dog</name>\n<bndbox><xmin>1</xmin></bndbox>'),
      /^line 4: <bndbox> has no <ymin>/,
    ],
    [
      'a side that is no number',
      object(`<name>dog</name>\n${box.replace('50', 'x')}`),
      /^line 4: <xmax> is "x"/,
    ],
    [
      'corners the wrong way round',
      object(`<name>dog</name>\n${box.replace('50', '5')}`),
      /^line 4: <xmax> or <ymax>/,
    ],
  ])('refuses %s in one line', (_, xml, message) => {
    expect(() => readVocAnnotation(xml)).toThrow(message);
    expect(() => readVocAnnotation(xml)).toThrow(
      expect.objectContaining({ code: 'evaluation/invalid-truth' }),
    );
    expect(() => readVocAnnotation(xml)).not.toThrow(/\n/);
  });
});
