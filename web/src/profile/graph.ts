// The call graph laid out: boxes as large as what the functions take, arrows as wide as what goes through.
import dagre from "@dagrejs/dagre";
import { share, shown, valueOf } from "../lib/format";
import { packageOf, shortName } from "../flame/names";
import type { GraphAnswer } from "./api";

export interface DrawnNode {
  index: number;
  name: string;
  flat: number;
  cum: number;
  x: number; // of the middle
  y: number;
  width: number;
  height: number;
  top: number; // baseline of the first line
  font: number;
  names: number; // of the lines, how many are the name
  text: string[];
}
export interface DrawnEdge {
  key: string;
  from: number;
  to: number;
  weight: number;
  residual: boolean;
  inlined: boolean;
  path: string;
  width: number;
  labelX: number;
  labelY: number;
}
export interface Drawing {
  nodes: DrawnNode[];
  edges: DrawnEdge[];
  width: number;
  height: number;
}

function linesOf(answer: GraphAnswer, i: number): { text: string[]; names: number } {
  const node = answer.rows[i];
  const short = shortName(node.name);
  const text = [
    packageOf(node.name) && short.includes(".") ? short.slice(0, short.indexOf(".")) : "",
    short.includes(".") ? short.slice(short.indexOf(".") + 1) : short,
  ]
    .filter(Boolean)
    .map(shown)
    .map((line) => (line.length > 44 ? `${line.slice(0, 43)}…` : line));
  const names = text.length;
  const print = (n: number): string =>
    `${valueOf(n, answer.sample.unit)} (${share(n / (answer.total || 1))})`;
  if (node.flat !== 0) text.push(print(node.flat));
  if (node.cum !== node.flat) text.push(node.flat !== 0 ? `of ${print(node.cum)}` : print(node.cum));
  return { text, names };
}

export function layout(answer: GraphAnswer): Drawing {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "TB", nodesep: 16, ranksep: 34, edgesep: 8, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  const most = Math.max(1, ...answer.rows.map((node) => Math.abs(node.flat)));
  const drawn = answer.rows.map<DrawnNode>((node, index) => {
    const { text, names } = linesOf(answer, index);
    const font = 10 + Math.round(12 * Math.sqrt(Math.abs(node.flat) / most));
    const width = Math.max(...text.map((line) => line.length)) * font * 0.57 + 16;
    const height = text.length * font * 1.2 + 10;
    graph.setNode(String(index), { width, height });
    return {
      index,
      name: node.name,
      flat: node.flat,
      cum: node.cum,
      x: 0,
      y: 0,
      width,
      height,
      top: font + 3,
      font,
      names,
      text,
    };
  });
  const heaviest = Math.max(1, ...answer.edges.map((edge) => Math.abs(edge.value)));
  answer.edges.forEach((edge, i) => {
    graph.setEdge(
      String(edge.from),
      String(edge.to),
      { weight: 1 + Math.round((19 * Math.abs(edge.value)) / heaviest) },
      String(i),
    );
  });
  dagre.layout(graph);
  for (const node of drawn) {
    const place = graph.node(String(node.index));
    node.x = place.x ?? 0;
    node.y = place.y ?? 0;
  }
  const edges = answer.edges.map<DrawnEdge>((edge, i) => {
    const points: { x: number; y: number }[] =
      graph.edge({ v: String(edge.from), w: String(edge.to), name: String(i) }).points ?? [];
    const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 };
    return {
      from: edge.from,
      to: edge.to,
      weight: edge.value,
      residual: edge.residual,
      inlined: edge.inlined,
      key: `${edge.from}-${edge.to}-${i}`,
      path: curve(points),
      width: 1 + 5 * Math.sqrt(Math.abs(edge.value) / heaviest),
      labelX: middle.x,
      labelY: middle.y,
    };
  });
  const size = graph.graph();
  return { nodes: drawn, edges, width: size.width ?? 100, height: size.height ?? 100 };
}

// Through the middles of the steps, so that corners are round.
function curve(points: { x: number; y: number }[]): string {
  if (points.length < 2) return "";
  let path = `M${points[0].x.toFixed(1)} ${points[0].y.toFixed(1)}`;
  for (let i = 1; i < points.length - 1; i++) {
    const x = (points[i].x + points[i + 1].x) / 2;
    const y = (points[i].y + points[i + 1].y) / 2;
    path += ` Q${points[i].x.toFixed(1)} ${points[i].y.toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  const last = points[points.length - 1];
  return `${path} L${last.x.toFixed(1)} ${last.y.toFixed(1)}`;
}

export function nodePaint(part: number, dark: boolean): { fill: string; line: string } {
  const strength = Math.sqrt(Math.min(1, Math.abs(part)));
  const hue = part < 0 ? 140 : 14;
  return dark
    ? {
        fill: `hsl(${hue} ${strength * 55}% ${18 + strength * 14}%)`,
        line: `hsl(${hue} ${strength * 45}% ${34 + strength * 12}%)`,
      }
    : {
        fill: `hsl(${hue} ${strength * 90}% ${97 - strength * 15}%)`,
        line: `hsl(${hue} ${strength * 60}% ${76 - strength * 22}%)`,
      };
}
