// A flame graph in arrays, as the server sends it: nodes in the order of a walk that goes down first.

export interface TreeAnswer {
  names: string[];
  name: number[];
  depth: number[];
  value: number[];
  self: number[];
  base?: number[];
  base_self?: number[];
}
export interface FlameAnswer extends TreeAnswer {
  type: string;
  unit: string;
  total: number;
  base_total: number;
  difference: boolean;
  ratio: number;
  remarks: string[];
  stacks: number;
  narrowest: number;
}
export type Side = "both" | "new" | "base";

export interface Flame {
  size: number;
  names: string[];
  name: Uint32Array;
  depth: Uint16Array;
  parent: Int32Array;
  end: Int32Array; // behind the last node below
  from: Float64Array; // what lies to the left, in units of the value
  to: Float64Array;
  value: number[];
  self: number[];
  base: number[] | null;
  baseSelf: number[] | null;
  rows: Int32Array[]; // nodes by depth, from left to right
}

function width(answer: TreeAnswer, i: number, side: Side): number {
  const base = answer.base ? answer.base[i] : 0;
  if (side === "new") return answer.value[i];
  if (side === "base") return base;
  return answer.value[i] + base;
}

export function flameOf(answer: TreeAnswer, side: Side): Flame {
  const size = answer.name.length;
  const flame: Flame = {
    size,
    names: answer.names,
    name: Uint32Array.from(answer.name),
    depth: Uint16Array.from(answer.depth),
    parent: new Int32Array(size).fill(-1),
    end: new Int32Array(size).fill(size),
    from: new Float64Array(size),
    to: new Float64Array(size),
    value: answer.value,
    self: answer.self,
    base: answer.base ?? null,
    baseSelf: answer.base_self ?? null,
    rows: [],
  };
  const open: number[] = []; // the path to the node before
  const filled: number[] = []; // how far the children of each of these reach
  const counts: number[] = [];
  for (let i = 0; i < size; i++) {
    const depth = flame.depth[i];
    while (open.length > depth) flame.end[open.pop()!] = i;
    filled.length = depth;
    const parent = depth > 0 ? open[depth - 1] : -1;
    flame.parent[i] = parent;
    flame.from[i] = parent < 0 ? 0 : filled[depth - 1];
    flame.to[i] = flame.from[i] + width(answer, i, side);
    if (parent >= 0) filled[depth - 1] = flame.to[i];
    open[depth] = i;
    filled[depth] = flame.from[i];
    counts[depth] = (counts[depth] ?? 0) + 1;
  }
  flame.rows = counts.map((count) => new Int32Array(count));
  const at = new Array<number>(counts.length).fill(0);
  for (let i = 0; i < size; i++) flame.rows[flame.depth[i]][at[flame.depth[i]]++] = i;
  return flame;
}

// The first node of a row that reaches beyond x.
export function firstBeyond(flame: Flame, row: Int32Array, x: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (flame.to[row[middle]] > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function childrenOf(flame: Flame, node: number): number[] {
  const children: number[] = [];
  for (let i = node + 1; i < flame.end[node]; i = flame.end[i]) children.push(i);
  return children;
}

export function ancestorsOf(flame: Flame, node: number): number[] {
  const list: number[] = [];
  for (let i = flame.parent[node]; i >= 0; i = flame.parent[i]) list.push(i);
  return list.reverse();
}

export function siblingOf(flame: Flame, node: number, step: number): number {
  const row = flame.rows[flame.depth[node]];
  const at = firstBeyond(flame, row, flame.from[node]);
  for (let i = at + step; i >= 0 && i < row.length; i += step)
    if (flame.to[row[i]] > flame.from[row[i]]) return row[i];
  return node;
}

// FNV-1a of the name's bytes, as the server makes it: a frame in a URL.
const encoder = new TextEncoder();
export function hashName(name: string): string {
  let hash = 2166136261;
  for (const byte of encoder.encode(name)) hash = Math.imul(hash ^ byte, 16777619);
  return (hash >>> 0).toString(36);
}

// The frames from the root of the flame down to the node, without the node that stands for all.
export function pathTo(flame: Flame, node: number): string {
  return [...ancestorsOf(flame, node), node]
    .filter((i) => flame.name[i] !== 0)
    .map((i) => hashName(flame.names[flame.name[i]]))
    .join(".");
}

// The nodes along a path, as far as the flame has them.
export function follow(flame: Flame, path: string): number[] {
  const nodes: number[] = [];
  let at = 0;
  for (const hash of path.split(".").filter(Boolean)) {
    const next = childrenOf(flame, at).find((child) => hashName(flame.names[flame.name[child]]) === hash);
    if (next === undefined) break;
    nodes.push(next);
    at = next;
  }
  return nodes;
}
