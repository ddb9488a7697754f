// 100,000 different stacks: what is sent, what it costs the server, and how soon the page answers a hand. Times
// are printed and judge nothing: they are the machine's as well.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { launch, open, serve, settled, type Chrome, type Server, type Tab } from "./browser.ts";
import { manyStacks, sum, writeProfile, type Stack } from "./profile.ts";

const kStacks = 100_000;
let folder: string;
let stacks: Stack[];
let server: Server;
let chrome: Chrome;
let tab: Tab;
let sent = 0;
let cpu = 0;

// User and system time of the server, in seconds.
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "memsnap-web-"));
  stacks = manyStacks(kStacks);
  const path = join(folder, "many.pb.gz");
  writeProfile(
    path,
    [
      ["alloc_objects", "count"],
      ["alloc_space", "bytes"],
      ["inuse_objects", "count"],
      ["inuse_space", "bytes"],
    ],
    stacks,
  );
  server = await serve(["pprof", "-http", "localhost:0", "-no_browser", "-sample_index=alloc_space", path]);
  chrome = await launch();
  const before = cpuOf(server.child.pid!);
  const context = await chrome.browser.newContext();
  const counting = await context.newPage();
  const session = await context.newCDPSession(counting);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", (event) => (sent += event.encodedDataLength));
  await counting.goto(`${server.origin}/ui/flamegraph?token=${server.token}`);
  await counting.locator("canvas").first().waitFor();
  await counting.getByRole("grid").waitFor();
  await settled(counting);
  await counting.waitForLoadState("networkidle");
  cpu = cpuOf(server.child.pid!) - before;
  await context.close();
  tab = await open(chrome, server, "/ui/flamegraph");
  await tab.page.locator("canvas").first().waitFor();
  await tab.page.getByRole("grid").waitFor();
});
after(async () => {
  await chrome?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
  assert.deepEqual(tab?.problems, []);
});

test("the first page is small and cheap", () => {
  console.log(
    `# web: ${kStacks} stacks: ${(sent / 1024).toFixed(0)} KiB on the wire, ${(cpu * 1000).toFixed(0)} ms of CPU time`,
  );
  assert.ok(sent > 10_000 && sent < 1_000_000, `${sent} bytes`);
});

test("nothing is lost", async () => {
  const all = sum(stacks, 1);
  await tab.page.getByText(`${kStacks.toLocaleString("en-US")} stacks`).waitFor();
  const answer = await tab.page.evaluate(async () => (await fetch("/api/profile/top")).json());
  assert.equal(answer.total, all);
  const flat = new Map<string, number>();
  const cum = new Map<string, number>();
  for (const stack of stacks) {
    const leaf = stack.frames.at(-1)!;
    flat.set(leaf, (flat.get(leaf) ?? 0) + stack.values[1]);
    for (const name of new Set(stack.frames)) cum.set(name, (cum.get(name) ?? 0) + stack.values[1]);
  }
  for (let i = 0; i < answer.name.length; i++) {
    assert.equal(answer.flat[i], flat.get(answer.name[i]) ?? 0);
    assert.equal(answer.cum[i], cum.get(answer.name[i]) ?? 0);
  }
  assert.equal(answer.name.length, cum.size);
});

// From a key to the frame after the one in which `done` holds, on the page's own clock.
async function timed(page: Page, key: string, done: "always" | "zoomed" | "whole"): Promise<number> {
  await page.evaluate((wanted) => {
    const holds = (): boolean =>
      wanted === "always" || location.search.includes("zoom=") === (wanted === "zoomed");
    const state = window as unknown as { took: Promise<number> };
    state.took = new Promise((resolve) => {
      const onkeydown = (event: KeyboardEvent): void => {
        const begun = event.timeStamp;
        const look = (): void => {
          if (holds()) requestAnimationFrame(() => resolve(performance.now() - begun));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      };
      addEventListener("keydown", onkeydown, { once: true, capture: true });
    });
  }, done);
  await page.keyboard.press(key);
  return page.evaluate(() => (window as unknown as { took: Promise<number> }).took);
}
// Of the faster half: what else runs on the machine costs some.
function median(times: number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 4)];
}

test("a key walks, zooms and comes back", async () => {
  const page = tab.page;
  await page.getByRole("application").focus();
  const walk: number[] = [];
  const zoom: number[] = [];
  const back: number[] = [];
  for (let i = 0; i < 12; i++) {
    walk.push(await timed(page, i === 0 ? "ArrowDown" : i % 2 ? "ArrowRight" : "ArrowLeft", "always"));
  }
  for (let i = 0; i < 8; i++) {
    zoom.push(await timed(page, "Enter", "zoomed"));
    back.push(await timed(page, "Escape", "whole"));
  }
  const draws = Number(await page.locator("canvas").first().getAttribute("data-ms"));
  console.log(
    `# web: walk ${median(walk).toFixed(0)} ms, zoom ${median(zoom).toFixed(0)} ms, back ${median(back).toFixed(0)} ms (medians of the faster half, to the frame that shows it), one drawing ${draws} ms`,
  );
});

test("a search is marked with each letter", async () => {
  const page = tab.page;
  await page.getByRole("searchbox").focus();
  const times: number[] = [];
  for (const letter of ["M", "e", "t", "h", "o", "d", "3"]) times.push(await timed(page, letter, "always"));
  await page.getByText(/match, \d+% of samples/).waitFor();
  console.log(`# web: a letter of a search ${median(times).toFixed(0)} ms`);
  const wanted = stacks.filter((stack) => stack.frames.some((frame) => /Method3/.test(frame)));
  const share = Math.round((100 * sum(wanted, 1)) / sum(stacks, 1));
  await page.getByText(`${share}% of samples`).waitFor();
});
