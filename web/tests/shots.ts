// Pictures of pages, those of docs/web.md among them:
//   node tests/shots.ts FOLDER name=path[@dark] ... -- words of the command that serves
import { launch, open, serve } from "./browser.ts";

const [folder, ...rest] = process.argv.slice(2);
const split = rest.indexOf("--");
const server = await serve(rest.slice(split + 1));
const chrome = await launch();
for (const shot of rest.slice(0, split)) {
  const equals = shot.indexOf("=");
  const dark = shot.endsWith("@dark");
  const path = shot.slice(equals + 1, dark ? -5 : undefined);
  const tab = await open(chrome, server, path, dark, { width: 1180, height: 640 });
  await tab.page.waitForLoadState("networkidle");
  await tab.page.waitForTimeout(250);
  await tab.page.screenshot({ path: `${folder}/${shot.slice(0, equals)}.png` });
  for (const problem of tab.problems) console.log(`${shot}: ${problem}`);
  await tab.context.close();
}
await chrome.close();
await server.stop();
