import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  // The elements of a component are made one by one: no page ever parses HTML, so that the browser can be told
  // to refuse it (require-trusted-types-for).
  plugins: [svelte({ compilerOptions: { fragments: "tree" } })],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
});
