import type { DetectionMetrics, LabelMetrics } from './detection-metrics.js';

/** Labels drawn in a colour of their own: those with the most objects. Colour-blind safe (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const WIDTH = 800;
const HEIGHT = 500;
const LEFT = 64;
const TOP = 48;
const SIDE = 400;
const LEGEND_LEFT = LEFT + SIDE + 24;
const LEGEND_LINE = 22;
const NAME_LENGTH_MAX = 20;

/**
 * Draws precision over recall as SVG: the mean over the labels, and each label at IoU 0.50. A dot is where the best score
 * threshold of a label lies.
 */
export function precisionRecallPicture(metrics: DetectionMetrics, title: string): string {
  const byCount = metrics.labels.filter(({ objects }) => objects > 0).sort((a, b) => b.objects - a.objects);
  const named = byCount.slice(0, COLOURS.length);
  const others = byCount.slice(COLOURS.length);
  const means = [
    { name: `mean, IoU .50: AP ${figure(metrics.ap50)}`, precision: metrics.precisionAt50, dashes: '' },
    { name: `mean, IoU .75: AP ${figure(metrics.ap75)}`, precision: metrics.precisionAt75, dashes: '7 4' },
  ];
  const lines = [
    ...others.map(({ precisionAt50 }) => curve(precisionAt50, 'stroke="#ccc"')),
    ...named.map((label, at) => labelCurve(label, COLOURS[at]!)),
    ...means.map(({ precision, dashes }) =>
      curve(precision, `stroke="#000" stroke-width="3" stroke-dasharray="${dashes}"`),
    ),
  ];
  const legend = [
    ...means.map(({ name, dashes }) => ({
      name,
      style: `stroke="#000" stroke-width="3" stroke-dasharray="${dashes}"`,
    })),
    ...named.map(({ label, ap50 }, at) => ({
      name: `${shortened(label)}: AP50 ${figure(ap50)}`,
      style: `stroke="${COLOURS[at]!}" stroke-width="2"`,
    })),
    ...(others.length === 0 ? [] : [{ name: `${others.length} other labels`, style: 'stroke="#ccc"' }]),
  ].map(({ name, style }, row) => {
    const y = TOP + 12 + row * LEGEND_LINE;
    return (
      `<line x1="${LEGEND_LEFT}" x2="${LEGEND_LEFT + 32}" y1="${y}" y2="${y}" ${style}/>` +
      text(name, LEGEND_LEFT + 42, y + 5, 'start')
    );
  });
  const dotNote = text('dot: the score with the best F1', LEGEND_LEFT, TOP + SIDE, 'start');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="13" fill="#222">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${text(title, LEFT, 28, 'start', 'font-size="16" font-weight="bold"')}
${axes()}
<g fill="none" stroke-linejoin="round">
${lines.join('\n')}
</g>
${legend.join('\n')}
${dotNote}
</svg>
`;
}

function axes(): string {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => {
    const [x, y] = at(value, value);
    const grid = 'stroke="#ddd"';
    return [
      `<line x1="${x}" x2="${x}" y1="${TOP}" y2="${TOP + SIDE}" ${grid}/>`,
      `<line x1="${LEFT}" x2="${LEFT + SIDE}" y1="${y}" y2="${y}" ${grid}/>`,
      text(value.toFixed(1), x, TOP + SIDE + 18, 'middle'),
      text(value.toFixed(1), LEFT - 8, y + 5, 'end'),
    ].join('\n');
  });
  const middle = TOP + SIDE / 2;
  return [
    ...ticks,
    text('recall', LEFT + SIDE / 2, TOP + SIDE + 40, 'middle'),
    text('precision', 18, middle, 'middle', `transform="rotate(-90 18 ${middle})"`),
  ].join('\n');
}

function labelCurve({ precisionAt50, best }: LabelMetrics, colour: string): string {
  const [x, y] = best === undefined ? [] : at(best.recall, best.precision);
  const dot = best === undefined ? '' : `<circle cx="${x}" cy="${y}" r="4" fill="${colour}"/>`;
  return curve(precisionAt50, `stroke="${colour}" stroke-width="2"`) + dot;
}

/** A line up to the highest recall reached, and down to 0 there. */
function curve(precision: readonly number[], style: string): string {
  const end = precision.findLastIndex((value) => value > 0);
  if (end < 0) return '';
  const points = precision.slice(0, end + 1).map((value, step) => at(step / 100, value));
  const all = end === 100 ? points : [...points, at(end / 100, 0)];
  return `<polyline points="${all.map((point) => point.join(',')).join(' ')}" ${style}/>`;
}

function at(recall: number, precision: number): [x: number, y: number] {
  const round = (value: number) => Number(value.toFixed(1));
  return [round(LEFT + recall * SIDE), round(TOP + (1 - precision) * SIDE)];
}

function text(content: string, x: number, y: number, anchor: 'start' | 'middle' | 'end', more = ''): string {
  const escaped = content.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" ${more}>${escaped}</text>`;
}

function shortened(label: string): string {
  return label.length > NAME_LENGTH_MAX ? `${label.slice(0, NAME_LENGTH_MAX - 1)}…` : label;
}

function figure(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(3);
}
