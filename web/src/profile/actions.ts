// What can be done with a function, wherever its name stands.
import { route, type Changes } from "../lib/route.svelte";
import type { Item } from "../parts/Menu.svelte";
import { exactly } from "./params";

const kOwn: Changes = { zoom: null, sandwich: null, q: null, fn: null };

export function sandwich(name: string): void {
  route.go(route.href("/ui/flamegraph", { ...kOwn, sandwich: name }));
}
export function source(name: string): void {
  route.go(route.href("/ui/source", { ...kOwn, fn: exactly(name) }));
}
export function peek(name: string): void {
  route.go(route.href("/ui/peek", { ...kOwn, fn: exactly(name) }));
}
function filter(key: string, name: string): void {
  route.set({ [key]: exactly(name), zoom: null, sandwich: null });
}

export function actionsOf(name: string): Item[] {
  return [
    { name: "Callers and callees", act: () => sandwich(name) },
    { name: "Source", act: () => source(name) },
    { name: "Peek", act: () => peek(name) },
    { name: "Focus on it", act: () => filter("f", name) },
    { name: "Ignore its stacks", act: () => filter("i", name) },
    { name: "Hide its frames", act: () => filter("h", name) },
    { name: "Show from it", act: () => filter("sf", name) },
    { name: "Highlight it", act: () => route.set({ q: exactly(name) }) },
    { name: "Copy the name", act: () => void navigator.clipboard?.writeText(name) },
  ];
}
