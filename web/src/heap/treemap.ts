// The dominator tree as rectangles: area is bytes that go when the object goes.
import { hierarchy, treemap, treemapSquarify, type HierarchyRectangularNode } from "d3-hierarchy";
import type { Row } from "../lib/api";
import { bytes, shown } from "../lib/format";

export interface TreeNode {
  row: number; // of the answer
  name: string;
  count: number;
  address: string;
  retained: number;
  depth: number;
  children: TreeNode[];
}

// Rows come from the top down, each below the last one of smaller depth.
export function treeOf(rows: Row[]): TreeNode[] {
  const nodes: TreeNode[] = [];
  const open: TreeNode[] = [];
  rows.forEach((row, i) => {
    const node: TreeNode = {
      row: i,
      name: String(row.name),
      count: Number(row.count),
      address: String(row.address),
      retained: Number(row.retained_bytes),
      depth: Number(row.depth),
      children: [],
    };
    nodes.push(node);
    open.length = node.depth;
    open[node.depth - 1]?.children.push(node);
    open[node.depth] = node;
  });
  return nodes;
}

export type Box = HierarchyRectangularNode<TreeNode>;

// What a node holds beyond the children shown lies in it without a rectangle of its own.
export function layout(root: TreeNode, width: number, height: number): Box[] {
  const own = (node: TreeNode): number =>
    Math.max(0, node.retained - node.children.reduce((sum, child) => sum + child.retained, 0));
  const tree = hierarchy(root, (node) => (node.children.length ? node.children : null)).sum((node) =>
    own(node),
  );
  const boxes = treemap<TreeNode>()
    .tile(treemapSquarify.ratio(1.3))
    .size([width, height])
    .paddingOuter(2)
    .paddingTop((node) => (node.y1 - node.y0 > 34 && node.x1 - node.x0 > 40 ? 17 : 2))
    .paddingInner(1)
    .round(true)(tree);
  return boxes.descendants();
}

export function hue(name: string): number {
  const from = name
    .replace(/^(global|goroutine|finalizer|cleanup|timer|register|runtime) /, "")
    .replace(/^[*[\]0-9]+/, "")
    .replace(/^map\[[^\]]*\]/, "")
    .replace(/^[*[\]]+/, "");
  const pack = from.split(/[.(]/)[0];
  let hash = 2166136261;
  for (let i = 0; i < pack.length; i++) hash = Math.imul(hash ^ pack.charCodeAt(i), 16777619);
  return (hash >>> 0) % 360;
}

export function draw(
  context: CanvasRenderingContext2D,
  boxes: Box[],
  dark: boolean,
  hovered: Box | null,
): void {
  const canvas = context.canvas;
  const scale = devicePixelRatio || 1;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = "middle";
  const font = getComputedStyle(canvas).fontFamily;
  for (const box of boxes) {
    const width = box.x1 - box.x0;
    const height = box.y1 - box.y0;
    if (width < 1 || height < 1) continue;
    const light = dark ? 26 + Math.min(box.depth, 5) * 4 : 92 - Math.min(box.depth, 5) * 5;
    context.fillStyle = `hsl(${hue(box.data.name)} ${dark ? 28 : 45}% ${light}%)`;
    context.fillRect(box.x0, box.y0, width, height);
    if (box === hovered) {
      context.strokeStyle = dark ? "#fff" : "#000";
      context.lineWidth = 2;
      context.strokeRect(box.x0 + 1, box.y0 + 1, width - 2, height - 2);
    }
    if (width < 44 || height < 15) continue;
    context.fillStyle = dark ? "#e8edf2" : "#1a2027";
    context.font = `${box.children ? "600 " : ""}11px ${font}`;
    const title = `${shown(box.data.name)}${box.data.count > 1 ? ` ×${box.data.count.toLocaleString("en-US")}` : ""}  ${bytes(box.data.retained)}`;
    const letters = Math.floor((width - 8) / 6.1);
    context.fillText(
      title.length > letters ? `${title.slice(0, Math.max(1, letters - 1))}…` : title,
      box.x0 + 4,
      box.y0 + 9,
    );
  }
}

// The smallest rectangle at a point.
export function hit(boxes: Box[], x: number, y: number): Box | null {
  let best: Box | null = null;
  for (const box of boxes)
    if (x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1 && (!best || box.depth > best.depth))
      best = box;
  return best;
}
