// Names of functions for people: the package they belong to, and what is left when space is short.

// github.com/acme/shop/cart.(*Cart).Add -> github.com/acme/shop/cart
export function packageOf(name: string): string {
  const cut = name.search(/[[(<{ ]/);
  const head = cut < 0 ? name : name.slice(0, cut);
  const colons = head.lastIndexOf("::");
  if (colons > 0 && !head.includes("/")) return head.slice(0, head.indexOf("::"));
  const slash = head.lastIndexOf("/");
  const dot = head.indexOf(".", slash + 1);
  if (dot > 0) return head.slice(0, dot);
  return slash > 0 ? head.slice(0, slash) : "";
}

// cart.(*Cart).Add
export function shortName(name: string): string {
  const cut = name.search(/[[(<{ ]/);
  const head = cut < 0 ? name : name.slice(0, cut);
  const slash = head.lastIndexOf("/");
  return slash > 0 && head.includes(".", slash) ? name.slice(slash + 1) : name;
}

// Packages of the standard library have no dot before their first slash.
export function isStandard(pack: string): boolean {
  return !pack.split("/")[0].includes(".") && pack !== "main" && pack !== "";
}

function hashOf(text: string): number {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash >>> 0;
}

// A colour as a canvas has it in memory: bytes red, green, blue, opaque.
function pixel(red: number, green: number, blue: number): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
export function pixelOf(hex: string): number {
  const number = parseInt(hex.slice(1), 16);
  return pixel(number >> 16, (number >> 8) & 255, number & 255);
}
export function cssOf(of: number): string {
  return `rgb(${of & 255} ${(of >> 8) & 255} ${(of >> 16) & 255})`;
}

// Of a hue in degrees, saturation and lightness in percent.
function colour(hue: number, saturation: number, lightness: number): number {
  const light = lightness / 100;
  const reach = (saturation / 100) * Math.min(light, 1 - light);
  const part = (n: number): number => {
    const k = (n + hue / 30) % 12;
    return Math.round((light - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))) * 255);
  };
  return pixel(part(0), part(8), part(4));
}

export interface Paint {
  fill: number; // pixels
  dim: number; // of frames that the search does not match
  text: string;
}

// Cool and pale for the runtime and the standard library, warm for the rest, so that the program's own code
// stands out.
export function packagePaint(pack: string, dark: boolean): Paint {
  let hue: number;
  let saturation: number;
  if (pack === "") {
    hue = 220;
    saturation = 8;
  } else if (pack === "runtime" || pack.startsWith("runtime/") || pack.startsWith("internal/")) {
    hue = 215;
    saturation = 14;
  } else if (isStandard(pack)) {
    hue = 175 + (hashOf(pack) % 60);
    saturation = 30;
  } else {
    const module = pack.split("/").slice(0, 3).join("/");
    hue = 345 + (hashOf(module) % 5) * 17 + (hashOf(pack) % 7) * 13;
    saturation = 62;
  }
  hue %= 360;
  const shade = (hashOf(pack + "#") % 7) - 3;
  return dark
    ? {
        fill: colour(hue, saturation * 0.62, 35 + shade),
        dim: colour(hue, saturation * 0.2, 21),
        text: "#f1f4f7",
      }
    : { fill: colour(hue, saturation, 77 + shade), dim: colour(hue, saturation * 0.25, 94), text: "#1a2027" };
}

// Red for what grew, blue for what shrank, grey for what stayed.
export function changePaint(value: number, base: number, dark: boolean): Paint {
  const most = Math.max(value, base, 1e-9);
  const change = (value - base) / most; // -1 gone, 1 new
  const strength = Math.sqrt(Math.min(1, Math.abs(change)));
  const hue = change > 0 ? 8 : 212;
  return dark
    ? { fill: colour(hue, strength * 58, 30 + strength * 12), dim: colour(220, 6, 21), text: "#f1f4f7" }
    : { fill: colour(hue, strength * 78, 88 - strength * 18), dim: colour(220, 8, 95), text: "#1a2027" };
}
