// Draws a flame graph on a canvas. Rows are searched for their first frame in sight, and neighbours narrower
// than a pixel become one sliver.
import { shown } from "../lib/format";
import { changePaint, packageOf, packagePaint, pixelOf, shortName, type Paint } from "./names";
import { firstBeyond, type Flame } from "./tree";

export const kRow = 19;

// Widths of names, measured once each.
const widths = new Map<string, number>();
function widthOf(context: CanvasRenderingContext2D, text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    if (widths.size > 100_000) widths.clear();
    width = context.measureText(text).width;
    widths.set(text, width);
  }
  return width;
}

// The name as far as it fits: whole, without the path of its package, or cut.
function fitting(context: CanvasRenderingContext2D, full: string, room: number): string {
  if (widthOf(context, full) <= room) return full;
  const short = shortName(full);
  const wide = widthOf(context, short);
  if (wide <= room) return short;
  const letters = Math.floor((short.length * (room - 9)) / wide);
  return letters > 0 ? `${short.slice(0, letters)}…` : "";
}

export interface Picture {
  flame: Flame;
  root: number; // takes the whole width; its ancestors stand above it
  up: boolean; // roots at the bottom
  width: number;
  height: number; // of the canvas
  top: number; // scrolled by
  dark: boolean;
  difference: boolean;
  scaleBase: number; // what the base is multiplied by before both sides are compared
  matches: Uint8Array | null; // by name, of the search
}

const kMatchDark = pixelOf("#ffce3a");
const kMatchLight = pixelOf("#d28b00");

const paints = new Map<string, Paint>();
let paintsOf: string[] | null = null;
let paintsDark = false;
let byName: Paint[] = [];

function paintOfName(flame: Flame, name: number, dark: boolean): Paint {
  if (paintsOf !== flame.names || paintsDark !== dark) {
    paintsOf = flame.names;
    paintsDark = dark;
    byName = [];
  }
  let paint = byName[name];
  if (!paint) {
    const pack = packageOf(flame.names[name]);
    const key = `${dark}${pack}`;
    paint = paints.get(key) ?? packagePaint(pack, dark);
    paints.set(key, paint);
    byName[name] = paint;
  }
  return paint;
}

// Pixels of a canvas, kept while its size stays. Frames are lines of equal pixels: that takes as long as the
// picture is large, however many frames it has, where a rectangle each would not.
let image: ImageData | null = null;
let pixels = new Uint32Array(0);

function clearPixels(width: number, height: number): void {
  if (!image || image.width !== width || image.height !== height) {
    image = new ImageData(width, height);
    pixels = new Uint32Array(image.data.buffer);
  } else {
    pixels.fill(0);
  }
}

interface Label {
  node: number;
  left: number;
  width: number;
  y: number;
}

// Draws and gives the number of frames drawn.
export function draw(context: CanvasRenderingContext2D, picture: Picture): number {
  const { flame, root, height } = picture;
  const scale = devicePixelRatio || 1;
  const wide = context.canvas.width;
  const high = context.canvas.height;
  if (wide === 0 || high === 0) return 0;
  clearPixels(wide, high);
  const from = flame.from[root];
  const to = flame.to[root];
  const perUnit = wide / (to - from || 1);
  const labels: Label[] = [];
  let drawn = 0;
  for (let depth = 0; depth < flame.rows.length; depth++) {
    const y = yOf(picture, depth);
    if (y + kRow < 0 || y > height) continue;
    const first = Math.round(y * scale);
    const last = Math.round((y + kRow - 1) * scale) - 1;
    drawn += drawRow(picture, flame.rows[depth], from, to, perUnit, wide, first, last, high, scale, labels);
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.putImageData(image!, 0, 0);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.textBaseline = "middle";
  context.font = `12px ${getComputedStyle(context.canvas).fontFamily}`;
  for (const label of labels) drawLabel(context, picture, label);
  return drawn;
}

// The frames of one row, on the pixel lines first to last of which some may lie outside.
function drawRow(
  picture: Picture,
  row: Int32Array,
  from: number,
  to: number,
  perUnit: number,
  wide: number,
  first: number,
  last: number,
  high: number,
  scale: number,
  labels: Label[],
): number {
  const { flame, matches } = picture;
  const top = Math.max(0, first);
  const bottom = Math.min(high - 1, last);
  const stripe = matches ? Math.max(top, last - Math.round(2 * scale)) : bottom + 1; // under what the search matches
  if (top > bottom) return 0;
  let drawn = 0;
  let taken = -1; // the last pixel of the row that has a frame
  for (let i = firstBeyond(flame, row, from); i < row.length; i++) {
    const node = row[i];
    if (flame.from[node] >= to) break;
    const left = Math.max(0, Math.round((flame.from[node] - from) * perUnit));
    let right = Math.min(wide, Math.round((flame.to[node] - from) * perUnit));
    if (right <= left) {
      if (left <= taken || left >= wide) continue; // a sliver where another one is already
      right = left + 1;
    }
    taken = right - 1;
    drawn++;
    const paint = paintOf(picture, node);
    const match = matches !== null && matches[flame.name[node]] === 1;
    const end = right - left > 2 * scale ? right - Math.max(1, Math.round(0.7 * scale)) : right;
    pixels.fill(matches && !match ? paint.dim : paint.fill, top * wide + left, top * wide + end);
    if (stripe <= bottom)
      pixels.fill(
        match ? (picture.dark ? kMatchDark : kMatchLight) : matches ? paint.dim : paint.fill,
        stripe * wide + left,
        stripe * wide + end,
      );
    if ((right - left) / scale >= 28)
      labels.push({ node, left: left / scale, width: (right - left) / scale, y: first / scale });
  }
  for (let y = top + 1; y <= bottom; y++) {
    const source = y > stripe ? stripe : top;
    if (y !== stripe) pixels.copyWithin(y * wide, source * wide, (source + 1) * wide);
  }
  return drawn;
}

// The frames that the person is at, on a canvas above the other, which then need not be drawn again.
export function drawMarks(
  context: CanvasRenderingContext2D,
  picture: Picture,
  selected: number,
  hovered: number,
): void {
  const scale = devicePixelRatio || 1;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, picture.width, picture.height);
  outline(context, picture, hovered, false);
  outline(context, picture, selected, true);
}

// Where the row of a depth begins.
export function yOf(picture: Picture, depth: number): number {
  const all = picture.flame.rows.length * kRow;
  const y = picture.up ? Math.max(all, picture.height) - (depth + 1) * kRow : depth * kRow;
  return y - picture.top;
}

function paintOf(picture: Picture, node: number): Paint {
  const { flame } = picture;
  if (picture.difference && flame.base)
    return changePaint(flame.value[node], flame.base[node] * picture.scaleBase, picture.dark);
  return paintOfName(flame, flame.name[node], picture.dark);
}

function drawLabel(context: CanvasRenderingContext2D, picture: Picture, label: Label): void {
  const { flame, matches, dark } = picture;
  const name = flame.name[label.node];
  const dimmed = matches !== null && matches[name] !== 1;
  context.fillStyle = dimmed ? (dark ? "#7d8791" : "#8b949d") : paintOf(picture, label.node).text;
  context.fillText(
    fitting(context, shown(flame.names[name]), label.width - 6),
    label.left + 3,
    label.y + kRow / 2 - 0.5,
  );
}

function outline(context: CanvasRenderingContext2D, picture: Picture, node: number, strong: boolean): void {
  const { flame, root, width } = picture;
  if (node < 0 || node >= flame.size) return;
  const perUnit = width / (flame.to[root] - flame.from[root] || 1);
  const left = Math.max(0, (flame.from[node] - flame.from[root]) * perUnit);
  const right = Math.min(width, (flame.to[node] - flame.from[root]) * perUnit);
  if (right <= 0 || left >= width || right < left) return;
  context.strokeStyle = strong
    ? picture.dark
      ? "#ffffff"
      : "#000000"
    : picture.dark
      ? "#c9d2db"
      : "#4a545e";
  context.lineWidth = strong ? 2 : 1;
  context.strokeRect(
    left + 0.5,
    yOf(picture, flame.depth[node]) + 0.5,
    Math.max(1, right - left - 1.5),
    kRow - 2,
  );
}

// The frame at a point; -1 when there is none.
export function hit(picture: Picture, x: number, y: number): number {
  const { flame, root, width } = picture;
  const all = flame.rows.length * kRow;
  const fromTop = y + picture.top;
  const depth = Math.floor((picture.up ? Math.max(all, picture.height) - fromTop : fromTop) / kRow);
  const row = flame.rows[depth];
  if (!row) return -1;
  const at = flame.from[root] + (x / width) * (flame.to[root] - flame.from[root]);
  const node = row[firstBeyond(flame, row, at)];
  return node !== undefined && flame.from[node] <= at ? node : -1;
}
