// Questions to the server. Answers do not change while it runs, so the latest ones are kept.

export class ApiError extends Error {}

const kKept = 24;
const kept = new Map<string, Promise<unknown>>();

// The page is aria-busy while a question has no answer.
let open = 0;
function waiting(more: 1 | -1): void {
  open += more;
  document.body.ariaBusy = String(open > 0);
}

export function get<T>(path: string, params?: URLSearchParams | Record<string, string>): Promise<T> {
  const query = new URLSearchParams(params).toString();
  const url = query ? `${path}?${query}` : path;
  const known = kept.get(url);
  if (known) {
    kept.delete(url);
    kept.set(url, known);
    return known as Promise<T>;
  }
  const asked = ask<T>(url);
  kept.set(url, asked);
  waiting(1);
  asked.catch(() => kept.delete(url)).finally(() => waiting(-1));
  for (const old of kept.keys()) {
    if (kept.size <= kKept) break;
    kept.delete(old);
  }
  return asked;
}

async function ask<T>(url: string): Promise<T> {
  let reply: Response;
  try {
    reply = await fetch(url, { headers: { Accept: "application/json" } });
  } catch {
    throw new ApiError("memsnap does not answer: it has ended, or the connection is gone");
  }
  const type = reply.headers.get("Content-Type") ?? "";
  if (!type.startsWith("application/json")) throw new ApiError((await reply.text()).trim());
  const body = await reply.json();
  if (!reply.ok) throw new ApiError(String(body.error ?? `status ${reply.status}`));
  return body as T;
}

export interface SiteInfo {
  kind: "heap" | "profile";
  title: string;
  version: string;
}

// ---- A snapshot or a process: docs/report.schema.json, and what the verbs print with --json.

export interface PathStep {
  type: string;
  ref: string;
}
export interface Holder {
  kind: string;
  root: string;
  file: string;
  line: number;
  path: PathStep[];
  also: string[];
}
export interface Finding {
  pattern: string;
  rule: string;
  severity: "high" | "medium" | "low" | "info";
  confidence: string;
  fingerprint: string;
  title: string;
  type: string;
  objects: number;
  retained_bytes: number;
  share: number;
  growth_bytes_per_s?: number;
  holder: Holder;
  sites: { function: string; file: string; line: number; share: number; source: string }[];
  evidence: { kind: string; text: string; verb: string }[];
  fix: { text: string; recipe: string };
}
export interface ReportPage {
  report: {
    target: { kind: string; pid: number; exe: string; build_id: string; go: string };
    capture: { pause_ns: number; objects: number; bytes: number; reached_bytes: number; typed_ratio: number };
    memory: { rss: number; explained_ratio: number; parts: { cause: string; bytes: number }[] };
    findings: Finding[];
    largest_holders: { name: string; type: string; bytes: number }[];
    notes?: string[];
    missing?: string[];
  };
  words: {
    target: string;
    time: string;
    capture: string;
    verdict: string;
    memory: string;
    growth_note: string;
    owners: string[];
    next: { command: string; why: string }[];
    source: { file: string; line: number; text: string }[];
    rules: { rule: string; title: string; why: string; leak_code: string; fixed_code: string }[];
  };
}
export type Row = Record<string, string | number | boolean | null>;
export interface Rows {
  rows: Row[];
  total: number;
  missing?: string[];
}
export interface WhyAnswer {
  paths: { objects: number; bytes: number; retained_bytes: number; address: string; holder: Holder }[];
  total: number;
}
