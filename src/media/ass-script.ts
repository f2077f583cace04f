import {
  labelColour,
  maskStrips,
  placeTags,
  type Box,
  type MaskRle,
  type MaskStrip,
  type Place,
  type Size,
} from '../geometry/index.js';

/**
 * Times in a script are this many times longer than in the video: ASS counts in 1/100 s, in which two pictures may
 * begin. The filter that draws is shown the same stretched times.
 */
export const ASS_STRETCH = 100;
/** The family of the font that `annotate-command.ts` brings along. */
const FONT = 'B612 Mono';
/** Width of each of its characters, of the size that a script gives it. */
const CHARACTER_WIDTH = 0.49;
/** Objects appear this much before their picture, so that rounding never makes them late; pictures are farther apart. */
const LEAD_MS = 0.2;
const INK = '#0b0e11';
const HALO_ALPHA = '73'; // of 255, from opaque to transparent
const MASK_ALPHA = '99';
/** A mask is drawn as so many strips at most: scripts grow with each. */
const MASK_STRIPS_MAX = 48;
/** Of a predicted box's line, in widths of the line. */
const DASH = 3;
const GAP = 2;

/** An object to be drawn, its box in source pixels. */
export interface DrawnObject {
  readonly track: number;
  readonly label: string;
  readonly score: number;
  readonly box: Box;
  readonly state: 'tentative' | 'tracked' | 'predicted' | 'occluded';
  /** In source pixels. */
  readonly mask?: MaskRle;
}

/** Sizes of what is drawn, pixels of the picture. */
interface Look {
  readonly linePx: number;
  readonly fontPx: number;
  readonly paddingPx: number;
}

/**
 * What stands before the pictures of a script in Advanced SubStation Alpha, the format in which FFmpeg's libass
 * takes text and shapes. Its unit is the pixel of a picture of `size`; over another size it is scaled.
 */
export function assHeader(size: Size): string {
  const { linePx, fontPx, paddingPx } = lookFor(size);
  const rest = '-1,0,0,0,100,100,0,0';
  return `[Script Info]
ScriptType: v4.00+
PlayResX: ${size.widthPx}
PlayResY: ${size.heightPx}
WrapStyle: 2
ScaledBorderAndShadow: yes
YCbCr Matrix: None

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: line,${FONT},${fontPx},&H00FFFFFF,&H00FFFFFF,${colour(INK, HALO_ALPHA)},${colour(INK)},${rest},1,${linePx / 2},0,7,0,0,0,1
Style: tag,${FONT},${fontPx},${colour(INK)},${colour(INK)},&H00FFFFFF,&H00FFFFFF,${rest},3,${paddingPx},0,7,0,0,0,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
`;
}

/**
 * The lines of a script that show `objects` on the pictures from `fromMs` until before `untilMs`. Looks as on the
 * dashboard: lines are dashed where a box is a guess and thin while an object is not confirmed, tags keep clear of one another.
 *
 * @param span in ms since the first picture of the video
 */
export function assObjects(
  objects: readonly DrawnObject[],
  span: { readonly fromMs: number; readonly untilMs: number },
  size: Size,
): string {
  const start = timeCode(span.fromMs - LEAD_MS);
  const end = timeCode(span.untilMs - LEAD_MS);
  if (start === end) return '';
  const look = lookFor(size);
  const event = (layer: number, style: string, text: string) =>
    `Dialogue: ${layer},${start},${end},${style},,0,0,0,,${text}\n`;

  const fills = objects.flatMap(({ label, mask }) => {
    if (mask === undefined) return [];
    const shape = maskStrips(mask, MASK_STRIPS_MAX).map(strip).join(' ');
    const tint = colour(labelColour(label));
    return [event(0, 'line', `{\\pos(0,0)\\bord0\\1c${tint}&\\1a&H${MASK_ALPHA}&\\p1}${shape}`)];
  });
  // One event for all boxes of a colour: libass looks at every event of the script for every picture.
  const shapes = new Map<string, string[]>();
  for (const object of objects) {
    const fill = labelColour(object.label);
    shapes.set(fill, [...(shapes.get(fill) ?? []), ...outline(object, look, size)]);
  }
  const lines = [...shapes].map(([fill, parts]) =>
    event(1, 'line', `{\\pos(0,0)\\1c${colour(fill)}&\\p1}${parts.join(' ')}`),
  );
  const texts = objects.map(tagText);
  const spots = placeTags(
    objects.map(({ box: [x1, y1, x2, y2] }, at) => ({
      place: { x: x1, y: y1, width: x2 - x1, height: y2 - y1 },
      tag: tagExtent(texts[at]!, look),
    })),
    { width: size.widthPx, height: size.heightPx },
  );
  const tags = spots.map(({ x, y }, at) => {
    const fill = labelColour(objects[at]!.label);
    const place = `\\pos(${tenth(x + look.paddingPx)},${tenth(y + look.paddingPx)})`;
    return event(2, 'tag', `{${place}\\3c${colour(fill)}&}${texts[at]!}`);
  });
  return [...fills, ...lines, ...tags].join('');
}

function strip({ x1, y1, x2, y2 }: MaskStrip): string {
  return `m ${x1} ${y1} l ${x2} ${y1} ${x2} ${y2} ${x1} ${y2}`;
}

function lookFor({ widthPx, heightPx }: Size): Look {
  const shorter = Math.min(widthPx, heightPx);
  const linePx = Math.max(2, Math.round(shorter / 270));
  return { linePx, fontPx: Math.round(8 + shorter / 60), paddingPx: linePx };
}

/** As the dashboard's. Letters that mean something in a script are replaced. */
function tagText({ label, score, track }: DrawnObject): string {
  const plain = label.replace(/[{}\\]/g, '|').replace(/\s+/g, ' ');
  return `${plain} ${Math.round(score * 100)} % · ${track}`;
}

function tagExtent(text: string, { fontPx, paddingPx }: Look) {
  return { width: text.length * fontPx * CHARACTER_WIDTH + 2 * paddingPx, height: fontPx + 2 * paddingPx };
}

/** The line around an object as shapes: on whole pixels, centred on the edge of its box where the picture has room for it. */
function outline({ box, state }: DrawnObject, { linePx }: Look, size: Size): string[] {
  const width = state === 'tentative' ? Math.max(1, Math.round(linePx / 2)) : linePx;
  const begin = (edge: number, max: number) =>
    Math.min(Math.max(0, Math.round(edge - width / 2)), max - width);
  const [left, right] = [begin(box[0], size.widthPx), begin(box[2], size.widthPx)];
  const [top, bottom] = [begin(box[1], size.heightPx), begin(box[3], size.heightPx)];
  const dashes = (from: number, to: number): (readonly [from: number, to: number])[] => {
    if (state !== 'predicted' && state !== 'occluded') return [[from, to]];
    const step = (DASH + GAP) * width;
    return Array.from({ length: Math.ceil((to - from) / step) }, (_, at) => {
      const start = from + at * step;
      return [start, Math.min(start + DASH * width, to)] as const;
    });
  };
  const across = [top, bottom].flatMap((y) =>
    dashes(left, right + width).map(([from, to]) => bar({ x: from, y, width: to - from, height: width })),
  );
  const down = [left, right].flatMap((x) =>
    dashes(top, bottom + width).map(([from, to]) => bar({ x, y: from, width, height: to - from })),
  );
  return [...across, ...down];
}

function bar({ x, y, width, height }: Place): string {
  const [left, top, right, bottom] = [x, y, x + width, y + height].map(tenth);
  return `m ${left} ${top} l ${right} ${top} ${right} ${bottom} ${left} ${bottom}`;
}

const tenth = (value: number) => Math.round(value * 10) / 10;

/** `#rrggbb` as ASS has it: blue first. */
function colour(hex: string, alpha = '00'): string {
  const [red, green, blue] = [hex.slice(1, 3), hex.slice(3, 5), hex.slice(5, 7)];
  return `&H${alpha}${blue}${green}${red}`.toUpperCase();
}

/** `h:mm:ss.cc` of the stretched time. */
function timeCode(ms: number): string {
  const hundredths = Math.max(0, Math.round((ms * ASS_STRETCH) / 10));
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const seconds = Math.floor(hundredths / 100);
  return `${Math.floor(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${two(hundredths % 100)}`;
}
