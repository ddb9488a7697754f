// Who may look: what a browser and other programs are told.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { launch, open, serve, type Chrome, type Server } from "./browser.ts";
import { writeProfile } from "./profile.ts";

let folder: string;
let server: Server;
let chrome: Chrome;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "memsnap-web-"));
  const path = join(folder, "small.pb.gz");
  writeProfile(
    path,
    [
      ["samples", "count"],
      ["cpu", "nanoseconds"],
    ],
    [
      { frames: ["main.main", "main.work"], values: [3, 3e7] },
      { frames: ["main.main", "<img src=x onerror=alert(1)>\u001b[31m\u202e"], values: [1, 1e7] },
    ],
  );
  server = await serve(["serve", path]);
  chrome = await launch();
});
after(async () => {
  await chrome?.close();
  assert.equal(await server?.stop(), 0);
  rmSync(folder, { recursive: true, force: true });
});

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}
function ask(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Reply> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((done, fail) => {
    const sent = request(
      { hostname, port, path, method, headers: { Authorization: `Bearer ${server.token}`, ...headers } },
      (reply) => {
        const pieces: Buffer[] = [];
        reply.on("data", (piece) => pieces.push(piece));
        reply.on("end", () =>
          done({ status: reply.statusCode!, headers: reply.headers, body: Buffer.concat(pieces) }),
        );
      },
    );
    sent.on("error", fail);
    sent.end();
  });
}

test("the token is asked for, on every address", async () => {
  for (const path of [
    "/",
    "/ui/top",
    "/api/site",
    "/api/profile/top",
    "/ui/download",
    "/favicon.svg",
    "/nothing",
  ]) {
    assert.equal((await ask(path, { Authorization: "" })).status, 403, path);
    assert.equal(
      (await ask(path, { Authorization: "Bearer 00000000000000000000000000000000" })).status,
      403,
      path,
    );
  }
  assert.equal((await ask("/api/site")).status, 200);
});

test("foreign hosts and origins are refused, with the token too", async () => {
  for (const host of ["evil.example", "localhost.evil.example", "169.254.169.254"])
    assert.equal((await ask("/api/site", { Host: host })).status, 403, host);
  for (const origin of ["http://evil.example", "null", "http://localhost:1"])
    assert.equal((await ask("/api/site", { Origin: origin })).status, 403, origin);
  assert.equal(
    (await ask("/api/site", { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" })).status,
    403,
  );
  assert.equal((await ask("/api/site", { Origin: server.origin })).status, 200);
});

test("only reads", async () => {
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
    assert.equal((await ask("/api/site", {}, method)).status, 405, method);
});

test("answers say what a browser must not do", async () => {
  for (const path of ["/ui/flamegraph", "/api/site", "/nothing", "/api/profile/peek?fn=("]) {
    const { headers } = await ask(path);
    const policy = String(headers["content-security-policy"]);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ])
      assert.ok(policy.includes(part), `${path}: ${policy}`);
    assert.ok(!policy.includes("unsafe"), policy);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal(headers["cross-origin-resource-policy"], "same-origin");
  }
});

test("answers are compressed, and plain for who wants that", async () => {
  const index = String((await ask("/ui/top")).body);
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(index)![1];
  const packed = await ask(script, { "Accept-Encoding": "gzip, br" });
  const plain = await ask(script);
  assert.equal(packed.headers["content-encoding"], "gzip");
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.ok(packed.body.length * 2 < plain.body.length);
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  assert.match(String(packed.headers["cache-control"]), /immutable/);
  assert.equal((await ask("/api/site")).headers["cache-control"], "no-store");
});

test("wrong questions get an answer", async () => {
  for (const [path, status] of [
    ["/api/profile/top?f=(", 400],
    ["/api/profile/top?g=nonsense", 400],
    ["/api/profile/top?si=nonsense", 400],
    ["/api/profile/flame?zoom=zzz.zzz", 400],
    ["/api/profile/flame?zoom=%00%ff", 400],
    ["/api/profile/sandwich?sandwich=nobody", 400],
    ["/api/profile/search?q=" + "(".repeat(500), 400],
    ["/api/profile/text?report=nonsense", 400],
    ["/api/nothing", 404],
    ["/assets/../../etc/passwd", 404],
    ["/etc/passwd", 404],
  ] as const) {
    const reply = await ask(path);
    assert.equal(reply.status, status, path);
    assert.equal(typeof JSON.parse(String(reply.body)).error, "string", path);
  }
});

test("long requests and nonsense are refused", async () => {
  assert.equal((await ask(`/ui/top?q=${"a".repeat(40_000)}`)).status, 431);
  const { hostname, port } = new URL(server.origin);
  const said = await new Promise<string>((done) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write("\x16\x03\x01 this is no HTTP\r\n\r\n"),
    );
    let text = "";
    socket.on("data", (piece) => (text += piece));
    socket.on("close", () => done(text));
  });
  assert.match(said, /^HTTP\/1\.1 400 /);
});

test("a browser without the token sees nothing", async () => {
  const page = await (await chrome.browser.newContext()).newPage();
  const reply = await page.goto(`${server.origin}/ui/flamegraph`);
  assert.equal(reply!.status(), 403);
  assert.match(await page.innerText("body"), /token/);
  await page.context().close();
});

test("the token leaves the address, and the cookie is no script's", async () => {
  const tab = await open(chrome, server, "/ui/top?f=main");
  assert.equal(tab.page.url(), `${server.origin}/ui/top?f=main`);
  assert.equal(await tab.page.evaluate(() => document.cookie), "");
  await tab.context.close();
});

test("another site cannot ask, frame or load", async () => {
  const tab = await open(chrome, server, "/ui/top");
  const page = await tab.context.newPage(); // has the cookie
  await page.route("http://evil.example/**", (route) =>
    route.fulfill({ contentType: "text/html", body: "<body></body>" }),
  );
  await page.goto("http://evil.example/");
  const seen = await page.evaluate(async (origin) => {
    const asked = await fetch(`${origin}/api/site`, { credentials: "include" }).then(
      (reply) => `read ${reply.status}`,
      () => "refused",
    );
    const script = await new Promise<string>((done) => {
      const element = document.createElement("script");
      element.src = `${origin}/api/site`;
      element.onload = () => done("loaded");
      element.onerror = () => done("refused");
      document.body.append(element);
    });
    return [asked, script];
  }, server.origin);
  assert.deepEqual(seen, ["refused", "refused"]);
  await tab.context.close();
});

test("names of the target are text", async () => {
  const tab = await open(chrome, server, "/ui/top");
  await tab.page.getByText("<img src=x onerror=alert(1)>\\u001b[31m\\u202e").first().waitFor();
  assert.equal(await tab.page.locator("img").count(), 0);
  assert.deepEqual(tab.problems, []);
  await tab.context.close();
});

test("what is not ours is refused by the policy", async () => {
  const tab = await open(chrome, server, "/ui/top");
  const ran = await tab.page.evaluate(async () => {
    const script = document.createElement("script");
    let typed = "parsed";
    try {
      document.createElement("div").innerHTML = "<b>x</b>";
    } catch {
      typed = "refused";
    }
    try {
      script.textContent = "window.ran = true";
      document.body.append(script);
    } catch {
      // Trusted types say no already.
    }
    const outside = await fetch("http://127.0.0.1:9/").then(
      () => "sent",
      () => "refused",
    );
    return [(window as unknown as { ran?: boolean }).ran ?? false, typed, outside];
  });
  assert.deepEqual(ran, [false, "refused", "refused"]);
  await tab.context.close();
});
