// The JSON of a profile's pages: src/serve/README.md.
export interface Head {
  type: string;
  unit: string;
  total: number;
  base_total: number;
  difference: boolean;
  ratio: number;
  remarks: string[];
}
export interface Info {
  types: { type: string; unit: string }[];
  standard_type: string;
  samples: number;
  functions: number;
  time_ns: number;
  duration_ns: number;
  comments: string[];
  tags: string[];
  doc_url: string;
}
export interface TopAnswer extends Head {
  functions: number;
  name: string[];
  flat: number[];
  cum: number[];
  base_flat?: number[];
  base_cum?: number[];
}
export interface SearchAnswer extends Head {
  functions: number;
  value: number;
  base: number;
}
export interface Neighbour {
  name: string;
  value: number;
  base: number;
}
export interface PeekAnswer extends Head {
  functions: number;
  rows: {
    name: string;
    flat: number;
    base_flat: number;
    cum: number;
    base_cum: number;
    callers: Neighbour[];
    callees: Neighbour[];
  }[];
}
export interface SourceLine {
  n: number;
  text: string;
  flat?: number;
  base_flat?: number;
  cum?: number;
  base_cum?: number;
  calls?: Neighbour[];
}
export interface SourceAnswer extends Head {
  functions: number;
  rows: {
    name: string;
    file: string;
    flat: number;
    base_flat: number;
    cum: number;
    base_cum: number;
    error: string;
    lines: SourceLine[];
  }[];
}
export interface TagsAnswer extends Head {
  tags: {
    key: string;
    value: number;
    base: number;
    count: number;
    values: { text: string; value: number; base: number }[];
  }[];
}
// docs/pprof-json.md
export interface GraphAnswer {
  sample: { type: string; unit: string };
  total: number;
  nodes: { shown: number; before_limit: number; dropped: number; dropped_edges: number };
  rows: { name: string; file?: string; line?: number; flat: number; cum: number; inlined: string }[];
  edges: { from: number; to: number; value: number; residual: boolean; inlined: boolean }[];
}
export interface TextAnswer {
  text: string;
  cut: boolean;
  remarks: string;
}
