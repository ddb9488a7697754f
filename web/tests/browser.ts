// A server of the program under test, and Chromium in front of it.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

export const memsnap = process.env.MEMSNAP ?? "../build/memsnap";

export interface Server {
  origin: string; // http://localhost:43211
  token: string;
  child: ChildProcess;
  stop: () => Promise<number | null>;
}

// Words of a command line that serves; the address is its first line.
export async function serve(words: string[]): Promise<Server> {
  const child = spawn(memsnap, words, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr!.on("data", (piece) => (said += piece));
  const ended = new Promise<number | null>((done) => child.on("exit", (status) => done(status)));
  const line = await new Promise<string>((done, fail) => {
    let text = "";
    child.stdout!.on("data", (piece) => {
      text += piece;
      if (text.includes("\n")) done(text.slice(0, text.indexOf("\n")));
    });
    child.on("exit", (status) =>
      fail(new Error(`${memsnap} ${words.join(" ")} ended with ${status}: ${said}`)),
    );
  });
  const url = new URL(line);
  return {
    origin: url.origin,
    token: url.searchParams.get("token") ?? "",
    child,
    stop: () => {
      child.kill("SIGINT");
      return ended;
    },
  };
}

export interface Chrome {
  browser: Browser;
  close: () => Promise<void>;
}

export async function launch(): Promise<Chrome> {
  const folder = mkdtempSync(join(tmpdir(), "memsnap-chromium-"));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    env: { ...process.env, HOME: folder },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Tab {
  page: Page;
  context: BrowserContext;
  problems: string[]; // what the console and the network complained of
}

// A page that has the cookie already.
export async function open(
  chrome: Chrome,
  server: Server,
  path: string,
  dark = false,
  size = { width: 1400, height: 860 },
): Promise<Tab> {
  const context = await chrome.browser.newContext({
    viewport: size,
    colorScheme: dark ? "dark" : "light",
    deviceScaleFactor: 1,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  // Leaving a page ends what it was loading.
  page.on(
    "requestfailed",
    (request) =>
      request.failure()?.errorText !== "net::ERR_ABORTED" &&
      problems.push(`${request.url()} ${request.failure()?.errorText}`),
  );
  const mark = path.includes("?") ? "&" : "?";
  await page.goto(`${server.origin}${path}${mark}token=${server.token}`);
  await settled(page);
  return { page, context, problems };
}

// Until every question that the page asked is answered and shown.
export async function settled(page: Page): Promise<void> {
  await page.locator("body[aria-busy=false]").waitFor({ state: "attached" });
}

// Until the page is there and settled.
export async function arrive(page: Page, at: Parameters<Page["waitForURL"]>[0]): Promise<void> {
  await page.waitForURL(at);
  await settled(page);
}

// What follows a key or a click is seen some time later: looks again until it is as expected, for ten seconds
// at most.
export async function becomes<T>(read: () => Promise<T>, expected: T | RegExp): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    const seen = await read();
    const same = expected instanceof RegExp ? expected.test(String(seen)) : isDeepStrictEqual(seen, expected);
    if (same) return;
    if (Date.now() > end) assert.deepEqual(seen, expected);
    await sleep(30);
  }
}
