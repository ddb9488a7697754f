// Numbers for people, as the program prints them.

const kBinary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

export function bytes(n: number): string {
  let unit = 0;
  let value = Math.abs(n);
  while (value >= 1024 && unit < kBinary.length - 1) {
    value /= 1024;
    unit++;
  }
  const sign = n < 0 ? "-" : "";
  if (unit === 0) return `${sign}${value} B`;
  return `${sign}${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${kBinary[unit]}`;
}

export function count(n: number): string {
  return Math.round(n).toLocaleString("en-US");
}

export function share(x: number): string {
  const percent = Math.abs(x) * 100;
  const sign = x < 0 ? "-" : "";
  if (percent === 0) return "0%";
  if (percent < 0.1) return `${sign}<0.1%`;
  if (percent > 99.9 && percent < 100) return `${sign}>99.9%`;
  return `${sign}${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)}%`;
}

export function duration(ns: number): string {
  const sign = ns < 0 ? "-" : "";
  const v = Math.abs(ns);
  if (v < 1e3) return `${sign}${Math.round(v)} ns`;
  if (v < 1e6) return `${sign}${(v / 1e3).toFixed(1)} µs`;
  if (v < 1e9) return `${sign}${(v / 1e6).toFixed(1)} ms`;
  if (v < 60e9) return `${sign}${(v / 1e9).toFixed(2)} s`;
  if (v < 3600e9) return `${sign}${Math.floor(v / 60e9)}m${Math.round((v % 60e9) / 1e9)}s`;
  return `${sign}${Math.floor(v / 3600e9)}h${Math.floor((v % 3600e9) / 60e9)}m`;
}

export function rate(bytesPerSecond: number): string {
  const sign = bytesPerSecond < 0 ? "-" : "+";
  const v = Math.abs(bytesPerSecond);
  if (v * 60 < 1024 * 1024) return `${sign}${bytes(v * 3600)}/h`;
  return v < 1024 * 1024 ? `${sign}${bytes(v * 60)}/min` : `${sign}${bytes(v)}/s`;
}

export type Kind =
  "text" | "path" | "type" | "bytes" | "count" | "share" | "duration" | "flag" | "value" | "id";

export function cell(value: unknown, kind: Kind): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") {
    if (kind === "bytes") return bytes(value);
    if (kind === "share") return share(value);
    if (kind === "duration") return duration(value);
    if (kind === "id") return String(value);
    return Number.isInteger(value) ? count(value) : value.toFixed(2);
  }
  if (typeof value === "boolean") return value ? "yes" : "";
  return shown(String(value));
}

// Characters that hide or reorder what is shown, as escapes. The pages never parse text as HTML, so that is
// all that a name from a target could do.
const kUnsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]/g;

export function shown(text: string): string {
  return text.replace(kUnsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const kNanoseconds: Record<string, number> = {
  nanoseconds: 1,
  nanosecond: 1,
  ns: 1,
  microseconds: 1e3,
  us: 1e3,
  milliseconds: 1e6,
  ms: 1e6,
  seconds: 1e9,
  second: 1e9,
  s: 1e9,
};
const kBytes: Record<string, number> = {
  bytes: 1,
  byte: 1,
  b: 1,
  kilobytes: 1024,
  kb: 1024,
  megabytes: 1048576,
  mb: 1048576,
};

// A value of a profile in its unit.
export function valueOf(n: number, unit: string): string {
  const key = unit.toLowerCase();
  if (key in kNanoseconds) return duration(n * kNanoseconds[key]);
  if (key in kBytes) return bytes(n * kBytes[key]);
  return unit === "" || key === "count" ? count(n) : `${count(n)} ${unit}`;
}

export function signed(n: number, unit: string): string {
  return n > 0 ? `+${valueOf(n, unit)}` : valueOf(n, unit);
}

export function signedShare(x: number): string {
  if (!Number.isFinite(x)) return "new";
  return x > 0 ? `+${share(x)}` : share(x);
}
