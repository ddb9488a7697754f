// The pictures that memsnap writes to files (-flame, -flamesvg, -svg), opened as files in Chromium: there is no
// server, and nothing may be asked of the network.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { becomes, launch, memsnap, type Chrome } from "./browser.ts";
import { writeProfile, type Stack } from "./profile.ts";

const kMs = 1e6;
const evil = `evil.<img src=x onerror="document.title='broken'"></script>;"&]]>`;
const stacks: Stack[] = [
  {
    frames: ["main.main", "net/http.serve", "shop/cart.(*Cart).Add", "runtime.mallocgc"],
    values: [400 * kMs],
  },
  { frames: ["main.main", "net/http.serve", "shop/cart.(*Cart).Add"], values: [150 * kMs] },
  {
    frames: ["main.main", "net/http.serve", "encoding/json.Marshal", "runtime.mallocgc"],
    values: [250 * kMs],
  },
  { frames: ["main.main", "net/http.serve", "encoding/json.Marshal", evil], values: [150 * kMs] },
  { frames: ["runtime.gcDrain"], values: [50 * kMs] },
];
const earlier: Stack[] = [
  { frames: ["main.main", "net/http.serve", "shop/cart.(*Cart).Add"], values: [100 * kMs] },
  {
    frames: ["main.main", "net/http.serve", "encoding/json.Marshal", "runtime.mallocgc"],
    values: [500 * kMs],
  },
];

let folder: string;
let chrome: Chrome;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "memsnap-offline-"));
  writeProfile(join(folder, "now.pb.gz"), [["cpu", "nanoseconds"]], stacks);
  writeProfile(join(folder, "before.pb.gz"), [["cpu", "nanoseconds"]], earlier);
  chrome = await launch();
});
after(async () => {
  await chrome?.close();
  rmSync(folder, { recursive: true, force: true });
});

// Draws now.pb.gz, opens what was drawn, looks at it, and sees to it that nothing was asked for or went wrong.
async function look(
  words: string[],
  name: string,
  see: (page: Page) => Promise<void>,
  scripts = true,
): Promise<void> {
  const file = join(folder, name);
  writeFileSync(file, execFileSync(memsnap, ["pprof", ...words, join(folder, "now.pb.gz")]));
  const context = await chrome.browser.newContext({
    viewport: { width: 1000, height: 600 },
    colorScheme: "light",
    javaScriptEnabled: scripts,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== pathToFileURL(file).href) problems.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
  await see(page);
  assert.notEqual(await page.title(), "broken");
  assert.equal(await page.locator("img").count(), 0);
  assert.deepEqual(problems, []);
  await context.close();
}
// Points at a row of frames, the root's is 0.
async function point(page: Page, x: number, row: number): Promise<void> {
  const box = (await page.locator("canvas").boundingBox())!;
  await page.mouse.move(x, box.y + row * 19 + 8);
}
const line = (page: Page) => page.locator("#line").innerText();

test("the flame page is walked, zoomed and reset with the keyboard alone", async () => {
  await look(["-flame"], "keys.html", async (page) => {
    await page.locator("canvas").waitFor();
    await page.keyboard.press("ArrowDown");
    await becomes(() => line(page), /^root +total 1 s, 100\.00%/);
    await page.keyboard.press("ArrowDown");
    await becomes(() => line(page), /^main\.main +total 950 ms, 95\.00% +self 0 ns/);
    await page.keyboard.press("ArrowRight");
    await becomes(() => line(page), /^runtime\.gcDrain +total 50 ms, 5\.00% +self 50 ms/);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await becomes(
      () => line(page),
      /^shop\/cart\.\(\*Cart\)\.Add +total 550 ms, 55\.00% +self 150 ms, 15\.00%/,
    );
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await point(page, 300, 3); // encoding/json.Marshal fills its row now
    await page.locator("#tip").getByText("encoding/json.Marshal").waitFor();
    await page.keyboard.press("Escape");
    await point(page, 300, 3);
    await page.locator("#tip").getByText("shop/cart.(*Cart).Add").waitFor();
  });
});

test("it finds by regular expression and says how much of all that is", async () => {
  await look(["-flame"], "find.html", async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("cart|MALLOC");
    await becomes(() => page.locator("#found").innerText(), "2 functions, 80.00%");
    await page.locator("#find").fill("(");
    await page.locator("#find.bad").waitFor();
    await page.keyboard.press("Escape");
    await becomes(() => page.locator("#found").innerText(), "");
  });
});

test("it turns over, shows the callers of leaves, and goes dark", async () => {
  await look(["-flame"], "turn.html", async (page) => {
    await page.keyboard.press("r");
    await point(page, 300, 1);
    await page.locator("#tip").getByText("runtime.mallocgc").waitFor();
    await becomes(() => page.locator("#tip").innerText(), /total 650 ms, 65\.00%/);
    await point(page, 300, 2);
    await page.locator("#tip").getByText("shop/cart.(*Cart).Add").waitFor();
    await becomes(() => page.locator("#tip").innerText(), /total 400 ms, 40\.00%/);
    await page.keyboard.press("r");
    await page.keyboard.press("i");
    await page.locator("#up[aria-pressed=true]").waitFor();
    const box = (await page.locator("canvas").boundingBox())!;
    await page.mouse.move(300, box.y + box.height - 28); // above the root, which is at the bottom now
    await page.locator("#tip").getByText("main.main").waitFor();
    await page.keyboard.press("d");
    await becomes(() => page.evaluate(() => document.documentElement.className), "dark");
    assert.notEqual(
      await page.evaluate(() => getComputedStyle(document.body).backgroundColor),
      "rgb(255, 255, 255)",
    );
  });
});

test("names are text, whatever they are", async () => {
  await look(["-flame"], "evil.html", async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("^evil");
    await becomes(() => page.locator("#found").innerText(), "1 function, 15.00%");
    await page.keyboard.press("Enter");
    for (const key of [
      "ArrowDown",
      "ArrowDown",
      "ArrowDown",
      "ArrowDown",
      "ArrowRight",
      "ArrowDown",
      "ArrowRight",
    ])
      await page.keyboard.press(key);
    await becomes(async () => (await line(page)).slice(0, evil.length), evil);
  });
  await look(["-flamesvg"], "evil.svg", async (page) => {
    assert.equal(await page.locator("title", { hasText: "evil.<img" }).count(), 1);
  });
  await look(["-svg"], "graph-evil.svg", async (page) => {
    assert.equal(await page.locator(".node title", { hasText: "evil.<img" }).count(), 1);
  });
});

for (const base of ["-diff_base", "-base"]) {
  test(`a difference by ${base} has both sides`, async () => {
    await look(["-flame", base, join(folder, "before.pb.gz")], "diff.html", async (page) => {
      await page.keyboard.press("ArrowDown");
      await becomes(() => line(page), /^root +total 600 ms → 1 s, \+400 ms \(66\.7%\)/);
      for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
      // 500 → 250 of one stack and 0 → 150 of another: the larger sides are 650 wide, more than 550 of cart.
      await becomes(
        () => line(page),
        /^encoding\/json\.Marshal +total 500 ms → 400 ms, −100 ms \(-20\.0%\).*of all 83\.33% → 40\.00%/,
      );
      await page.keyboard.press("ArrowDown");
      await becomes(() => line(page), /^runtime\.mallocgc +total 500 ms → 250 ms, −250 ms \(-50\.0%\)/);
      await page.keyboard.press("w");
      await page.locator("#sides[aria-pressed=true]").waitFor();
    });
    await look(["-flamesvg", base, join(folder, "before.pb.gz")], "diff.svg", async (page) => {
      assert.equal(
        await page
          .locator("title", { hasText: "encoding/json.Marshal (500ms → 400ms, -100ms, -20.0%)" })
          .count(),
        1,
      );
    });
  });
}

test("the flame picture zooms by a click and goes back", async () => {
  await look(["-flamesvg"], "zoom.svg", async (page) => {
    const frame = page.locator("#frames g", {
      has: page.locator("title", { hasText: "encoding/json.Marshal" }),
    });
    const width = async () => Number(await frame.locator("rect").getAttribute("width"));
    assert.equal(await width(), 480);
    await frame.click();
    await becomes(async () => Math.round(await width()), 1200);
    await page.locator("#frames g", { hasText: "shop/cart" }).waitFor({ state: "hidden" });
    await page.keyboard.press("Escape");
    await becomes(width, 480);
  });
});

test("the call graph is whole without scripts", async () => {
  await look(
    ["-svg"],
    "still.svg",
    async (page) => {
      assert.ok(await page.locator(".node").first().isVisible());
      assert.equal(
        await page.locator("svg").getAttribute("width"),
        (await page.locator("svg").getAttribute("viewBox"))!.split(" ")[2],
      );
    },
    false,
  );
});

test("the call graph zooms, pans and picks a box with its arrows", async () => {
  await look(["-svg"], "graph.svg", async (page) => {
    const view = async () => (await page.locator("svg").getAttribute("viewBox"))!.split(" ").map(Number);
    const first = await view();
    await page.mouse.move(500, 300);
    await page.mouse.wheel(0, -400);
    await becomes(async () => (await view())[2] < first[2] * 0.7, true);
    const near = await view();
    await page.mouse.down();
    await page.mouse.move(560, 330);
    await page.mouse.up();
    const isMoved = ([x, y, width]: number[]) => x < near[0] && y < near[1] && width === near[2];
    await becomes(async () => isMoved(await view()), true);
    await page.keyboard.press("0");
    await becomes(view, first);
    await page.locator(".node", { has: page.locator("title", { hasText: "encoding/json.Marshal" }) }).click();
    await page.locator("svg.picked").waitFor();
    await becomes(() => page.locator(".edge.near").count(), 3);
    await becomes(() => page.locator(".node.near").count(), 4);
  });
});
