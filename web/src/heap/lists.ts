// What the pages that list rows show of the verbs' JSON.
import type { Row } from "../lib/api";
import type { Kind } from "../lib/format";

export interface ListColumn {
  key: string;
  title: string;
  kind: Kind;
  grow?: number;
  share?: boolean; // a bar: its part of the largest
  hint?: string;
}
export interface Choice {
  name: string; // of a flag
  values: [value: string, words: string][];
}
export interface List {
  verb: string;
  what: string; // a sentence for the head of the page
  sort: string;
  columns: ListColumn[];
  choices?: Choice[];
  params?: string[]; // of the URL, that go to the verb as they are
  open?: (row: Row) => string; // the address that a row leads to
}

const why = (row: Row): string =>
  typeof row.address === "string" && row.address !== "0x0" ? `/ui/why?q=${row.address}` : "";

export const lists: Record<string, List> = {
  "/ui/types": {
    verb: "top",
    what: "What takes the memory: own bytes, and bytes that would go with it.",
    sort: "cum_bytes",
    choices: [
      {
        name: "by",
        values: [
          ["types", "types"],
          ["packages", "packages"],
          ["lines", "allocating lines"],
        ],
      },
    ],
    columns: [
      { key: "flat_bytes", title: "own", kind: "bytes" },
      { key: "flat_share", title: "own share", kind: "share" },
      { key: "cum_bytes", title: "holds", kind: "bytes", share: true },
      { key: "cum_share", title: "share", kind: "share" },
      { key: "objects", title: "objects", kind: "count" },
      { key: "name", title: "name", kind: "type", grow: 1 },
    ],
    open: (row) =>
      /\s\S+:\d+$/.test(String(row.name)) ? "" : `/ui/why?q=${encodeURIComponent(String(row.name))}`,
  },
  "/ui/maps": {
    verb: "maps",
    what: "Every live map: entries, room, waste and who holds it. Maps of one type in one place are one row.",
    sort: "retained_bytes",
    choices: [
      {
        name: "each",
        values: [
          ["", "grouped"],
          ["true", "each map"],
        ],
      },
      {
        name: "keys",
        values: [
          ["", "storage"],
          ["true", "string keys"],
        ],
      },
    ],
    columns: [
      { key: "retained_bytes", title: "holds", kind: "bytes", share: true },
      { key: "count", title: "maps", kind: "count" },
      { key: "len", title: "entries", kind: "count" },
      { key: "capacity", title: "slots", kind: "count" },
      { key: "load", title: "load", kind: "share", hint: "entries of slots" },
      { key: "bytes", title: "own storage", kind: "bytes" },
      { key: "waste_bytes", title: "empty slots", kind: "bytes" },
      { key: "old_parts", title: "old buckets", kind: "count", hint: "not yet evacuated" },
      { key: "keys", title: "keys", kind: "count" },
      { key: "distinct", title: "different", kind: "count", hint: "left after all normal forms" },
      { key: "distinct_case", title: "case", kind: "count", hint: "different when lower-cased" },
      { key: "distinct_trim", title: "blanks", kind: "count", hint: "different when trimmed" },
      { key: "distinct_url", title: "%xx", kind: "count", hint: "different when percent-decoded" },
      { key: "distinct_query", title: "query", kind: "count", hint: "different without query and fragment" },
      { key: "distinct_slash", title: "path", kind: "count", hint: "different with cleaned paths" },
      { key: "mean", title: "mean length", kind: "count" },
      { key: "mask", title: "commonest shape", kind: "text" },
      { key: "state", title: "state", kind: "text" },
      { key: "type", title: "type", kind: "type", grow: 2 },
      { key: "holder", title: "held by", kind: "path", grow: 3 },
    ],
    open: why,
  },
  "/ui/slices": {
    verb: "slices",
    what: "Arrays that are larger than what slices and strings show of them.",
    sort: "waste_bytes",
    choices: [
      {
        name: "each",
        values: [
          ["", "grouped"],
          ["true", "each array"],
        ],
      },
      {
        name: "duplicates",
        values: [
          ["", "arrays"],
          ["true", "equal strings"],
        ],
      },
    ],
    columns: [
      { key: "waste_bytes", title: "not shown", kind: "bytes", share: true },
      { key: "bytes", title: "arrays", kind: "bytes" },
      { key: "shown_bytes", title: "shown", kind: "bytes" },
      { key: "count", title: "arrays", kind: "count" },
      { key: "length", title: "length", kind: "count" },
      { key: "mask", title: "shape", kind: "text" },
      { key: "len", title: "len", kind: "count" },
      { key: "cap", title: "cap", kind: "count" },
      { key: "views", title: "views", kind: "count" },
      { key: "hidden_pointers", title: "hidden pointers", kind: "count" },
      { key: "rest", title: "rest", kind: "text" },
      { key: "type", title: "type", kind: "type", grow: 2 },
      { key: "holder", title: "held by", kind: "path", grow: 3 },
    ],
    open: why,
  },
  "/ui/goroutines": {
    verb: "goroutines",
    what: "Goroutines that were started at one line and wait at one place for one reason are one row.",
    sort: "count",
    choices: [
      {
        name: "each",
        values: [
          ["", "groups"],
          ["true", "each goroutine"],
        ],
      },
    ],
    columns: [
      { key: "goid", title: "goroutine", kind: "id" },
      { key: "state", title: "state", kind: "text" },
      { key: "cannot_wake", title: "cannot wake", kind: "flag" },
      { key: "wait_ns", title: "waits", kind: "duration" },
      { key: "count", title: "count", kind: "count", share: true },
      {
        key: "proven",
        title: "cannot wake",
        kind: "count",
        hint: "what they wait for is reachable only from goroutines that wait for it",
      },
      { key: "retained_bytes", title: "hold", kind: "bytes" },
      { key: "stack_bytes", title: "stacks", kind: "bytes" },
      { key: "longest_ns", title: "longest", kind: "duration" },
      { key: "reason", title: "state", kind: "text" },
      { key: "place", title: "at", kind: "path", grow: 3 },
      { key: "creator", title: "created by", kind: "path", grow: 3 },
    ],
    open: (row) => (row.goid ? `/ui/stack?stack=${row.goid}` : ""),
  },
  "/ui/stack": {
    verb: "goroutines",
    what: "Where one goroutine stands, the innermost call first.",
    sort: "",
    params: ["stack"],
    columns: [
      { key: "function", title: "function", kind: "type", grow: 2 },
      { key: "file", title: "file", kind: "path", grow: 2 },
      { key: "line", title: "line", kind: "id" },
    ],
  },
  "/ui/memory": {
    verb: "rss",
    what: "Resident memory, each part with its owner.",
    sort: "resident_bytes",
    columns: [
      { key: "resident_bytes", title: "resident", kind: "bytes", share: true },
      { key: "share", title: "of RSS", kind: "share" },
      { key: "mapped_bytes", title: "mapped", kind: "bytes" },
      { key: "cause", title: "part", kind: "text" },
      { key: "owner", title: "owner", kind: "path", grow: 1 },
    ],
  },
};
