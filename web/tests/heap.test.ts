// The pages of a snapshot in Chromium: of a program that leaks as it is known to.
import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import {
  arrive,
  becomes,
  launch,
  memsnap,
  open,
  serve,
  settled,
  type Chrome,
  type Server,
  type Tab,
} from "./browser.ts";

let folder: string;
let shop: ChildProcess;
let server: Server;
let chrome: Chrome;
const tabs: Tab[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "memsnap-web-"));
  execFileSync("go", ["build", "-o", join(folder, "shop"), "./map-unbounded/leak"], {
    cwd: "../examples/leakzoo",
  });
  shop = spawn(join(folder, "shop"), ["-alone", "-timeout", "5m"], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((done, fail) => {
    shop.stdout!.on("data", (piece) => String(piece).includes('"ready":true') && done());
    shop.on("exit", () => fail(new Error("the leaking program ended early")));
  });
  for (const name of ["a", "b"])
    execFileSync(memsnap, ["capture", "-p", String(shop.pid), "-o", join(folder, `${name}.snap`)], {
      stdio: "ignore",
    });
  server = await serve([
    "serve",
    join(folder, "a.snap"),
    join(folder, "b.snap"),
    "--source",
    "../examples/leakzoo",
  ]);
  chrome = await launch();
});
after(async () => {
  shop?.kill();
  await chrome?.close();
  const end = await server?.stop();
  rmSync(folder, { recursive: true, force: true });
  assert.equal(end, 0);
  assert.deepEqual(
    tabs.flatMap((tab) => tab.problems),
    [],
  );
});

async function look(path: string): Promise<Page> {
  const tab = await open(chrome, server, path);
  tabs.push(tab);
  return tab.page;
}

test("opens on the report, with the finding, its holder, line and fix", async () => {
  const page = await look("/");
  await arrive(page, "**/ui/report");
  await page.getByText("map-unbounded", { exact: true }).waitFor();
  await page.getByText("main.sessions.byToken gained entries").waitFor();
  const finding = page.locator("details").first();
  await finding.getByText("global main.sessions").waitFor();
  await finding.getByText(/main\.go:40$/).waitFor();
  await finding.getByText("cart := zoo.Fill(make([]byte, 3<<10)) // LEAK").waitFor();
  await finding.getByText("delete entries when their owner ends").first().waitFor();
  await finding.getByText("no code of the program deletes from a map[string]*main.session").waitFor();
});

test("evidence leads to its numbers", async () => {
  const page = await look("/ui/report");
  await page.getByRole("link", { name: "show" }).first().click();
  await arrive(page, "**/ui/maps");
  const row = page.getByRole("row", { name: "map[string]*main.session" });
  await row.waitFor();
  assert.match(await row.innerText(), /main\.sessions\.byToken/);
  await row.click();
  await arrive(page, /\/ui\/why\?q=0x[0-9a-f]+/);
  await page.getByText(".byToken").waitFor();
});

test("every path to a type", async () => {
  const page = await look("/ui/why");
  await page.getByRole("searchbox").fill("*main.session");
  await page.keyboard.press("Enter");
  await arrive(page, /q=\*main\.session/);
  await page.locator("section", { hasText: "[…]" }).getByText("*main.session", { exact: true }).waitFor();
  await page.getByRole("link", { name: /^largest 0x/ }).click();
  await page.getByRole("button", { name: "what points to it" }).click();
  await page.getByRole("row", { name: "map[string]*main.session" }).first().waitFor();
});

test("the dominator tree is a table and a picture", async () => {
  const page = await look("/ui/holders");
  await page.getByRole("row", { name: "global main.sessions" }).waitFor();
  const box = (await page.locator("canvas").boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.6);
  await page
    .locator(".foot")
    .getByText("(all roots) › global main.sessions › map[string]*main.session › main.session")
    .waitFor();
  await page.mouse.click(box.x + box.width * 0.4, box.y + box.height * 0.6);
  await arrive(page, /from=0x/);
  await page.getByRole("row", { name: "[]uint8" }).first().waitFor();
  await page.getByRole("button", { name: "all roots" }).click();
  await page.getByRole("row", { name: "global main.sessions" }).waitFor();
});

test("lists are searched, sorted and opened with keys alone", async () => {
  const page = await look("/ui/report");
  await page.getByText("map-unbounded", { exact: true }).waitFor();
  await page.keyboard.press("3");
  await arrive(page, "**/ui/types");
  await page.getByRole("row", { name: "main.session" }).first().waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("main session");
  await page.getByText(/^\d+ of \d+ rows/).waitFor();
  const rows = page.getByRole("row").filter({ hasNotText: "objects" });
  await becomes(async () => (await rows.allInnerTexts()).every((text) => text.includes("main")), true);
  await page.keyboard.press("Escape");
  await page.getByRole("grid").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await arrive(page, /\/ui\/why/);
  await page.goBack();
  await arrive(page, /q=main(\+|%20)session/);
});

test("goroutines, slices and resident memory", async () => {
  const page = await look("/ui/goroutines");
  await page.getByRole("row", { name: "IO wait" }).first().waitFor();
  await page.getByRole("button", { name: "each" }).click();
  await page.getByRole("row", { name: "force gc (idle)" }).waitFor();
  await page.getByRole("row", { name: "zoo.Run" }).click();
  await arrive(page, /\/ui\/stack\?/);
  await page.getByRole("row", { name: "main.main" }).first().waitFor();
  await page.goto(`${server.origin}/ui/slices`);
  await settled(page);
  await page.getByRole("row").nth(1).waitFor();
  await page.goto(`${server.origin}/ui/memory`);
  await page.getByRole("row", { name: "live-heap" }).waitFor();
});

test("flags of the verbs cannot be misused", async () => {
  const page = await look("/ui/report");
  const statuses = await page.evaluate(async () => {
    const list = [
      "/api/heap/maps?p=1",
      "/api/heap/maps?timeout=1s",
      "/api/heap/maps?n=x",
      "/api/heap/why",
      "/api/heap/why?q=0xzz",
      "/api/heap/tree?from=0x1",
      "/api/heap/capture?o=x",
      "/api/heap/maps?json=0",
    ];
    return Promise.all(list.map(async (path) => (await fetch(path)).status));
  });
  assert.deepEqual(statuses, [400, 400, 400, 400, 400, 400, 404, 400]);
  tabs.pop(); // the console tells of each of these
});
