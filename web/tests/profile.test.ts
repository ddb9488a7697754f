// The pages of a profile in Chromium, against sums that are made here from the same stacks.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import {
  arrive,
  becomes,
  launch,
  open,
  serve,
  settled,
  type Chrome,
  type Server,
  type Tab,
} from "./browser.ts";
import { sum, writeProfile, type Stack } from "./profile.ts";

const kTypes: [string, string][] = [
  ["samples", "count"],
  ["cpu", "nanoseconds"],
];
const kMs = 1e6;
const cart = "github.com/acme/shop/cart.(*Cart).Add shop/cart.go:12";
const price = "github.com/acme/shop/cart.(*Cart).price shop/cart.go:18";
const encode = "encoding/json.Marshal";
const malloc = "runtime.mallocgc";
const stacks: Stack[] = [
  {
    frames: ["main.main", "net/http.(*conn).serve", cart, malloc],
    values: [40, 400 * kMs],
    labels: { route: "/cart" },
  },
  {
    frames: ["main.main", "net/http.(*conn).serve", cart],
    values: [10, 100 * kMs],
    labels: { route: "/cart" },
  },
  {
    frames: ["main.main", "net/http.(*conn).serve", cart, price],
    values: [5, 50 * kMs],
    labels: { route: "/cart" },
  },
  {
    frames: ["main.main", "net/http.(*conn).serve", encode, malloc],
    values: [25, 250 * kMs],
    labels: { route: "/list" },
  },
  {
    frames: ["main.main", "net/http.(*conn).serve", encode],
    values: [15, 150 * kMs],
    labels: { route: "/list" },
  },
  { frames: ["runtime.gcBgMarkWorker", "runtime.gcDrain"], values: [5, 50 * kMs] },
];
// Before: no price, less cart, more JSON.
const earlier: Stack[] = [
  { frames: ["main.main", "net/http.(*conn).serve", cart, malloc], values: [10, 100 * kMs] },
  { frames: ["main.main", "net/http.(*conn).serve", encode, malloc], values: [50, 500 * kMs] },
  { frames: ["runtime.gcBgMarkWorker", "runtime.gcDrain"], values: [5, 50 * kMs] },
];
const source = `package cart

import "fmt"

// Cart is what somebody wants to buy.
type Cart struct {
\titems []string
}

// Add puts an item into the cart.
func (c *Cart) Add(item string) {
\tc.items = append(c.items, fmt.Sprintf("item %s", item)) // 100 percent
}

var unused = 0x10

func (c *Cart) price() int {
\treturn len(c.items) * 42
}
`;

let folder: string;
let one: Server;
let two: Server;
let chrome: Chrome;
const tabs: Tab[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "memsnap-web-"));
  mkdirSync(join(folder, "shop"));
  writeFileSync(join(folder, "shop", "cart.go"), source);
  writeProfile(join(folder, "now.pb.gz"), kTypes, stacks, `${folder}/`);
  writeProfile(join(folder, "before.pb.gz"), kTypes, earlier, `${folder}/`);
  one = await serve(["pprof", "-http", "localhost:0", "-no_browser", join(folder, "now.pb.gz")]);
  two = await serve([
    "pprof",
    "-http",
    "localhost:0",
    "-no_browser",
    "-diff_base",
    join(folder, "before.pb.gz"),
    join(folder, "now.pb.gz"),
  ]);
  chrome = await launch();
});
after(async () => {
  await chrome?.close();
  const ends = [await one?.stop(), await two?.stop()];
  rmSync(folder, { recursive: true, force: true });
  assert.deepEqual(ends, [0, 0]);
  assert.deepEqual(
    tabs.flatMap((tab) => tab.problems),
    [],
  );
});

async function look(server: Server, path: string, dark = false): Promise<Page> {
  const tab = await open(chrome, server, path, dark);
  tabs.push(tab);
  return tab.page;
}
const has = (name: string) => (stack: Stack) => stack.frames.some((frame) => frame.split(" ")[0] === name);
const all = sum(stacks, 1);
const dock = (page: Page) => page.locator(".dock");
const flame = (page: Page) => page.getByRole("application");
async function cells(page: Page, row: number): Promise<string[]> {
  return page
    .getByRole("row")
    .nth(row + 1)
    .getByRole("gridcell")
    .allInnerTexts();
}

test("opens on the flame graph, at the addresses of go tool pprof", async () => {
  const page = await look(one, "/");
  await arrive(page, "**/ui/flamegraph");
  await flame(page).waitFor();
  await page.getByText("1.00 s cpu, 6 stacks").waitFor();
  for (const path of [
    "/ui/",
    "/ui/flamegraph",
    "/ui/top",
    "/ui/graph",
    "/ui/peek",
    "/ui/source",
    "/ui/disasm",
  ]) {
    await page.goto(one.origin + path);
    await settled(page);
    await page.locator("main > *").first().waitFor();
    assert.equal(await page.getByText("There is no page").count(), 0, path);
  }
});

test("the table has the sums of the stacks", async () => {
  const page = await look(one, "/ui/top");
  await page.getByRole("grid").waitFor();
  const rows = await Promise.all([0, 1, 2].map((row) => cells(page, row)));
  assert.deepEqual(rows[0], ["650.0 ms", "65.0%", "650.0 ms", "65.0%", "runtime.mallocgc"]);
  assert.deepEqual(rows[1], ["150.0 ms", "15.0%", "400.0 ms", "40.0%", "encoding/json.Marshal"]);
  assert.deepEqual(rows[2], [
    "100.0 ms",
    "10.0%",
    "550.0 ms",
    "55.0%",
    "github.com/acme/shop/cart.(*Cart).Add",
  ]);
  assert.equal(sum(stacks, 1, has("runtime.mallocgc")), 650 * kMs);
  await page.getByRole("button", { name: "sort by cum" }).click();
  await arrive(page, /by=cum/);
  await becomes(async () => (await cells(page, 0))[4], "main.main");
});

test("filters stand in the address, and a link shows the same", async () => {
  const page = await look(one, `/ui/top?f=cart&h=${encodeURIComponent("net/http")}`);
  await page.getByRole("grid").waitFor();
  const text = (await Promise.all([0, 1, 2, 3].map((row) => cells(page, row)))).map(
    (row) => `${row[2]} ${row[4]}`,
  );
  assert.deepEqual(
    text.sort(),
    [
      "50.0 ms github.com/acme/shop/cart.(*Cart).price",
      "400.0 ms runtime.mallocgc",
      "550.0 ms github.com/acme/shop/cart.(*Cart).Add",
      "550.0 ms main.main",
    ].sort(),
  );
  assert.equal(sum(stacks, 1, has("github.com/acme/shop/cart.(*Cart).Add")), 550 * kMs);
  await page.getByRole("button", { name: "without focus" }).click();
  await page.getByText("encoding/json.Marshal").waitFor();
  await becomes(async () => new URL(page.url()).search, `?h=${encodeURIComponent("net/http")}`);
  await page.goBack();
  await page.getByText("encoding/json.Marshal").waitFor({ state: "detached" });
  await page.getByRole("combobox", { name: "add a filter" }).selectOption("i");
  await page.getByLabel("ignore", { exact: true }).fill("mallocgc");
  await page.keyboard.press("Enter");
  await arrive(page, /[?&]i=mallocgc/);
  await page.getByText("runtime.mallocgc").waitFor({ state: "detached" });
});

test("a filter that nothing fits says so", async () => {
  const page = await look(one, "/ui/flamegraph?f=nobody");
  await page.getByText("Focus expression matched no samples").waitFor();
});

test("the sample type is chosen", async () => {
  const page = await look(one, "/ui/top");
  await page.getByRole("combobox", { name: "sample type" }).selectOption("samples");
  await arrive(page, /si=samples/);
  await page.getByText("100 in all").waitFor();
  assert.equal(sum(stacks, 0), 100);
});

test("search marks what a regular expression matches, and says how much that is", async () => {
  const page = await look(one, "/ui/flamegraph");
  await page.getByRole("searchbox").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("^runtime\\.");
  const share = sum(stacks, 1, (stack) => stack.frames.some((frame) => frame.startsWith("runtime."))) / all;
  await page.getByText(`3 match, ${(share * 100).toFixed(0)}% of samples`).waitFor();
  await becomes(() => page.getByRole("row").count(), 1 + 3);
  await page.getByRole("searchbox").fill("(");
  await page.getByText("no regular expression yet").waitFor();
  await page.getByRole("searchbox").fill("nobody");
  await page.getByText("no function matches").waitFor();
});

test("keys alone walk, zoom, turn and open", async () => {
  const page = await look(one, "/ui/flamegraph");
  await flame(page).waitFor();
  await flame(page).focus();
  await page.keyboard.press("ArrowDown");
  await dock(page).getByText("main.main", { exact: true }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await dock(page).locator("strong", { hasText: "cart.(*Cart).Add" }).waitFor();
  await dock(page).getByText("550.0 ms", { exact: true }).waitFor();
  await dock(page).getByText("100.0 ms own").waitFor();
  await page.keyboard.press("ArrowRight");
  await dock(page).locator("strong", { hasText: "encoding/json.Marshal" }).waitFor();
  await page.keyboard.press("Enter");
  await arrive(page, /zoom=/);
  await page.keyboard.press("ArrowDown");
  await dock(page).getByText("250.0 ms", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await arrive(page, (url) => !url.search.includes("zoom=") || url.search.split(".").length === 2);
  await page.keyboard.press("i");
  await arrive(page, /up=1/);
  await page.getByRole("button", { name: "inverted", pressed: true }).waitFor();
  await flame(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await dock(page).locator("strong", { hasText: "runtime.mallocgc" }).waitFor();
  await dock(page).getByText("650.0 ms", { exact: true }).first().waitFor();
  await page.keyboard.press("m");
  await page.getByRole("menuitem", { name: "Callers and callees" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await arrive(page, /\/ui\/peek\?/);
  await page.keyboard.press("2");
  await arrive(page, /\/ui\/top/);
  await page.getByRole("grid").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await arrive(page, /sandwich=runtime\.mallocgc/);
});

test("the mouse zooms, and back comes out", async () => {
  const page = await look(one, "/ui/flamegraph?table=0");
  const box = (await page.locator("canvas").first().boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.3, box.y + 3.5 * 19);
  await dock(page).locator("strong", { hasText: "cart.(*Cart).Add" }).waitFor();
  await page.mouse.click(box.x + box.width * 0.3, box.y + 3.5 * 19);
  await arrive(page, /zoom=[0-9a-z]+\.[0-9a-z]+\.[0-9a-z]+$/);
  // The frame has the whole width now.
  await page.mouse.move(box.x + box.width * 0.95, box.y + 3.5 * 19);
  await dock(page).locator("strong", { hasText: "cart.(*Cart).Add" }).waitFor();
  await page.reload();
  await settled(page);
  await page.locator("canvas").first().waitFor();
  await page.mouse.move(box.x + box.width * 0.9, box.y + 3.5 * 19);
  await dock(page).locator("strong", { hasText: "cart.(*Cart).Add" }).waitFor();
  await page.goBack();
  await arrive(page, (url) => !url.search.includes("zoom"));
  await page.mouse.move(box.x + box.width * 0.8, box.y + 3.5 * 19);
  await dock(page).locator("strong", { hasText: "encoding/json.Marshal" }).waitFor();
});

test("callers and callees of one function", async () => {
  const page = await look(one, "/ui/flamegraph?sandwich=runtime.mallocgc&table=0");
  await page.getByRole("application", { name: "callers of runtime.mallocgc" }).focus();
  await page.keyboard.press("ArrowUp");
  await dock(page).locator("strong", { hasText: "cart.(*Cart).Add" }).waitFor();
  await dock(page).getByText("400.0 ms", { exact: true }).first().waitFor();
  await page.keyboard.press("ArrowRight");
  await dock(page).locator("strong", { hasText: "encoding/json.Marshal" }).waitFor();
  await dock(page).getByText("250.0 ms", { exact: true }).first().waitFor();
  await page.keyboard.press("Escape");
  await arrive(page, (url) => !url.search.includes("sandwich"));
});

test("a difference shows both sides", async () => {
  const page = await look(two, "/ui/flamegraph");
  await page.getByText("1.00 s cpu against 650.0 ms").waitFor();
  await flame(page).focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
  // Both sides together, JSON is the widest.
  await dock(page).locator("strong", { hasText: "encoding/json.Marshal" }).waitFor();
  await dock(page).getByText("-100.0 ms (-20%)").waitFor();
  await dock(page).getByText("500.0 ms → 400.0 ms").waitFor();
  await page.getByRole("button", { name: "new", exact: true }).click();
  await arrive(page, /side=new/);
  await flame(page).focus();
  await page.keyboard.press("Home");
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
  await dock(page).locator("strong", { hasText: "cart.(*Cart).Add" }).waitFor();
  await dock(page).getByText("+450.0 ms (+450%)").waitFor();
  await becomes(async () => (await cells(page, 0)).slice(0, 2), ["+150.0 ms", "-100.0 ms"]);
});

test("source has the cost of each line", async () => {
  const page = await look(one, "/ui/source?fn=Cart");
  await page.getByRole("heading", { name: "cart.(*Cart).Add" }).waitFor();
  const line = page.locator("tr", { hasText: "c.items = append" });
  assert.deepEqual((await line.locator("td").allInnerTexts()).slice(0, 3), ["100.0 ms", "550.0 ms", "12"]);
  assert.equal(await line.locator("pre").innerText(), source.split("\n")[11]);
  assert.equal(await line.locator("span.string").first().innerText(), '"item %s"');
  assert.equal(await page.locator("span.keyword", { hasText: "return" }).count(), 1);
  await line.getByRole("button", { name: "12" }).click();
  await becomes(
    () => page.locator("tr.call").first().locator("td").allInnerTexts(),
    ["", "400.0 ms", "", "→ runtime.mallocgc"],
  );
  assert.equal(await page.locator("tr", { hasText: "42" }).locator("td").nth(1).innerText(), "50.0 ms");
});

test("peek has callers above and callees below", async () => {
  const page = await look(one, `/ui/peek?fn=${encodeURIComponent("^runtime\\.mallocgc$")}`);
  const rows = page.locator("section tr");
  await rows.first().waitFor();
  assert.match(
    (await rows.nth(0).innerText()).replaceAll(/\s+/g, " "),
    /^400\.0 ms 62% .*cart\.\(\*Cart\)\.Add$/,
  );
  assert.match(
    (await rows.nth(1).innerText()).replaceAll(/\s+/g, " "),
    /^250\.0 ms 38% encoding\/json\.Marshal$/,
  );
  assert.match(
    (await rows.nth(2).innerText()).replaceAll(/\s+/g, " "),
    /^650\.0 ms 65% 650\.0 ms own runtime\.mallocgc/,
  );
});

test("the graph has boxes and arrows", async () => {
  const page = await look(one, "/ui/graph");
  await page.locator(".node").first().waitFor();
  const frames = new Set(stacks.flatMap((stack) => stack.frames.map((frame) => frame.split(" ")[0])));
  assert.equal(await page.locator(".node").count(), frames.size);
  assert.equal(await page.locator(".edge").count(), 7);
  await page.getByRole("button", { name: "runtime.mallocgc, own 650.0 ms" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Focus on it" }).click();
  await arrive(page, /f=%5Eruntime/);
  await becomes(() => page.locator(".node").count(), 5);
});

test("tags filter", async () => {
  const page = await look(one, "/ui/tags");
  await page.getByRole("button", { name: "/list" }).click();
  await arrive(page, /tf=route/);
  await page.getByText("4 stacks").waitFor({ state: "detached" });
  await page.getByText("400.0 ms cpu, 2 stacks").or(page.getByText("1.00 s cpu, 2 stacks")).waitFor();
  assert.equal(
    sum(stacks, 1, (stack) => stack.labels?.route === "/list"),
    400 * kMs,
  );
});

test("stacks are grouped by a tag", async () => {
  const page = await look(one, "/ui/flamegraph");
  await page.getByRole("combobox", { name: "group by tag" }).selectOption("route");
  await arrive(page, /tagroot=route/);
  await page.getByRole("row", { name: "/cart" }).waitFor();
  await flame(page).focus();
  await page.keyboard.press("ArrowDown");
  await dock(page).locator("strong", { hasText: "/cart" }).waitFor();
  await dock(page).getByText("550.0 ms", { exact: true }).waitFor();
});

test("text is what the command line prints", async () => {
  const page = await look(one, "/ui/text?report=tree");
  assert.match(
    await page.locator("pre").innerText(),
    /Showing nodes accounting for 1000ms, 100% of 1000ms total/,
  );
});

test("the profile can be downloaded", async () => {
  const page = await look(one, "/ui/top");
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  assert.equal((await waiting).suggestedFilename(), "profile.pb.gz");
});

test("light and dark", async () => {
  const page = await look(one, "/ui/flamegraph", true);
  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await back();
  await page.keyboard.press("d");
  await becomes(async () => (await back()) !== dark, true);
  await page.reload();
  await settled(page);
  assert.notEqual(await back(), dark);
  await page.keyboard.press("d");
  await becomes(back, dark);
});

test("the keys are written down", async () => {
  const page = await look(one, "/ui/flamegraph");
  await flame(page).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Keys" }).waitFor({ state: "detached" });
});
