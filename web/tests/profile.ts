// Writes profile.proto from stacks, so that tests know the truth that pages must show.
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

export interface Stack {
  frames: string[]; // functions, the root first; "name file:line" gives a place
  values: number[];
  labels?: Record<string, string | number>;
}

class Proto {
  bytes: number[] = [];
  varint(value: number): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 128n) {
      this.bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.bytes.push(Number(rest));
    return this;
  }
  number(field: number, value: number): this {
    return value === 0 ? this : this.varint(field << 3).varint(value);
  }
  raw(field: number, bytes: ArrayLike<number>): this {
    this.varint((field << 3) | 2).varint(bytes.length);
    for (let i = 0; i < bytes.length; i++) this.bytes.push(bytes[i]);
    return this;
  }
  packed(field: number, values: number[]): this {
    const inner = new Proto();
    for (const value of values) inner.varint(value);
    return this.raw(field, inner.bytes);
  }
}

export function writeProfile(
  path: string,
  types: [type: string, unit: string][],
  stacks: Stack[],
  folder = "",
): void {
  const strings = [""];
  const known = new Map([["", 0]]);
  const text = (value: string): number => {
    let id = known.get(value);
    if (id === undefined) {
      known.set(value, (id = strings.length));
      strings.push(value);
    }
    return id;
  };
  const functions = new Map<string, number>();
  const locations = new Map<string, number>();
  const pieces: Buffer[] = [];
  const emit = (field: number, message: Proto): void => {
    pieces.push(Buffer.from(new Proto().raw(field, message.bytes).bytes));
  };
  for (const [type, unit] of types) emit(1, new Proto().number(1, text(type)).number(2, text(unit)));
  const locationOf = (frame: string): number => {
    let id = locations.get(frame);
    if (id !== undefined) return id;
    const [, name, file, line] = /^(.*?)(?: (\S+):(\d+))?$/s.exec(frame)!;
    const key = `${name} ${file ?? ""}`;
    let fn = functions.get(key);
    if (fn === undefined) {
      functions.set(key, (fn = functions.size + 1));
      emit(
        5,
        new Proto()
          .number(1, fn)
          .number(2, text(name))
          .number(4, text(file ? folder + file : "")),
      );
    }
    locations.set(frame, (id = locations.size + 1));
    emit(
      4,
      new Proto()
        .number(1, id)
        .number(2, 1)
        .number(3, 0x400000 + id * 16)
        .raw(4, new Proto().number(1, fn).number(2, Number(line ?? 0)).bytes),
    );
    return id;
  };
  emit(
    3,
    new Proto()
      .number(1, 1)
      .number(2, 0x400000)
      .number(3, 0x90000000)
      .number(5, text("/bin/shop"))
      .number(7, 1)
      .number(8, 1)
      .number(9, 1)
      .number(10, 1),
  );
  for (const stack of stacks) {
    const sample = new Proto().packed(1, stack.frames.map(locationOf).reverse()).packed(2, stack.values);
    for (const [key, value] of Object.entries(stack.labels ?? {})) {
      const label = new Proto().number(1, text(key));
      if (typeof value === "string") label.number(2, text(value));
      else label.number(3, value);
      sample.raw(3, label.bytes);
    }
    emit(2, sample);
  }
  for (const one of strings) pieces.push(Buffer.from(new Proto().raw(6, Buffer.from(one)).bytes));
  writeFileSync(path, gzipSync(Buffer.concat(pieces), { level: 1 }));
}

// What a difference is made of, without the program under test: sums of stacks by what `of` says.
export function sum(stacks: Stack[], column: number, of: (stack: Stack) => boolean = () => true): number {
  return stacks.filter(of).reduce((total, stack) => total + stack.values[column], 0);
}

// Numbers that look random and are the same in every run.
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

// Different stacks of a large program: walks on a random call graph, 20 to 60 frames deep.
export function manyStacks(count: number, seed = 7): Stack[] {
  const next = random(seed);
  const packs = [
    "main",
    "runtime",
    "net/http",
    "encoding/json",
    "github.com/acme/shop/cart",
    "github.com/acme/shop/store",
    "go.uber.org/zap",
    "database/sql",
    "sync",
    "bytes",
  ];
  const names = Array.from(
    { length: 950 },
    (_, i) => `${packs[Math.floor(next() * packs.length)]}.(*Type${i}).Method${i % 31}`,
  );
  const callees = names.map(() =>
    Array.from({ length: 2 + Math.floor(next() * 6) }, () => Math.floor(next() * names.length)),
  );
  const stacks: Stack[] = [];
  const seen = new Set<string>();
  while (stacks.length < count) {
    let at = Math.floor(next() * 6);
    const frames: string[] = [];
    for (let depth = 20 + Math.floor(next() * 41); depth > 0; depth--) {
      frames.push(names[at]);
      const list = callees[at];
      at = list[Math.floor(next() * next() * list.length)];
    }
    const key = frames.join("\n");
    if (seen.has(key)) continue;
    seen.add(key);
    const bytes = 16 << Math.floor(next() * 10);
    const objects = 1 + Math.floor(next() * 40);
    stacks.push({
      frames,
      values: [objects, objects * bytes, Math.floor(objects / 3), Math.floor(objects / 3) * bytes],
      labels: { bytes },
    });
  }
  return stacks;
}
