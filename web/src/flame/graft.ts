// A closer look at one frame, set into the flame graph it belongs to: its ancestors stand above it as they are.
import { ancestorsOf, flameOf, type Flame, type Side, type TreeAnswer } from "./tree";

export function graft(
  overview: Flame,
  node: number,
  detail: TreeAnswer,
  side: Side,
): { flame: Flame; root: number } {
  const chain = ancestorsOf(overview, node);
  const answer: TreeAnswer = {
    names: [...overview.names, ...detail.names],
    name: [...chain.map((i) => overview.name[i]), ...detail.name.map((name) => name + overview.names.length)],
    depth: [...chain.map((_, depth) => depth), ...detail.depth.map((depth) => depth + chain.length)],
    value: [...chain.map((i) => overview.value[i]), ...detail.value],
    self: [...chain.map((i) => overview.self[i]), ...detail.self],
  };
  if (overview.base && overview.baseSelf) {
    const zeros = (): number[] => new Array<number>(detail.name.length).fill(0);
    answer.base = [...chain.map((i) => overview.base![i]), ...(detail.base ?? zeros())];
    answer.base_self = [...chain.map((i) => overview.baseSelf![i]), ...(detail.base_self ?? zeros())];
  }
  return { flame: flameOf(answer, side), root: chain.length };
}
