// The parameters of go tool pprof's pages, by which filters stand in the URL, and what the server is asked with.
import { route } from "../lib/route.svelte";

export interface Filter {
  key: string;
  name: string;
  what: string;
}
export const kFilters: Filter[] = [
  { key: "f", name: "focus", what: "only stacks with a frame that this matches" },
  { key: "i", name: "ignore", what: "no stacks with such a frame" },
  { key: "h", name: "hide", what: "leave such frames out" },
  { key: "s", name: "show", what: "only such frames" },
  { key: "sf", name: "show from", what: "stacks from the first such frame on" },
  { key: "prunefrom", name: "prune from", what: "nothing below such a frame" },
  {
    key: "tf",
    name: "tag focus",
    what: "only samples with such a tag: key=value, or a range such as 1kb:64kb",
  },
  { key: "ti", name: "tag ignore", what: "no samples with such a tag" },
  { key: "ts", name: "tag show", what: "only such tags" },
  { key: "th", name: "tag hide", what: "leave such tags out" },
];
export const kGranularities: [string, string][] = [
  ["", "functions"],
  ["filefunctions", "functions and files"],
  ["files", "files"],
  ["lines", "lines"],
  ["addresses", "addresses"],
];
// What makes two answers differ, beside the page's own parameters.
const kView = [
  ...kFilters.map((filter) => filter.key),
  "g",
  "si",
  "noinlines",
  "rel",
  "showcolumns",
  "tagroot",
  "tagleaf",
];
export const kGraphKeys = ["n", "nf", "ef", "trim", "calltree", "dropneg", "unit", "mean"];

export function viewParams(own: Record<string, string> = {}, more: string[] = []): URLSearchParams {
  const params = new URLSearchParams();
  for (const key of [...kView, ...more]) {
    const value = route.get(key);
    if (value) params.set(key, value);
  }
  for (const [key, value] of Object.entries(own)) if (value) params.set(key, value);
  return params;
}

// A regular expression that matches this name and no other.
export function exactly(name: string): string {
  return `^${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`;
}

// While one types an expression it is not always one.
export function isRegex(text: string): boolean {
  try {
    new RegExp(text.startsWith("(?i)") ? text.slice(4) : text);
    return true;
  } catch {
    return false;
  }
}

export function regexOf(text: string): RegExp | null {
  if (!text) return null;
  try {
    return new RegExp(text.startsWith("(?i)") ? text.slice(4) : text, text.startsWith("(?i)") ? "i" : "");
  } catch {
    return new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  }
}

// The share of the whole as people expect it: of the base when two profiles are compared.
export function wholeOf(head: { total: number; base_total: number }): number {
  return head.base_total || head.total || 1;
}
