// Colours of source text. highlight.js finds the tokens; its HTML is not used, the tokens become text nodes.
import hljs from "highlight.js/lib/core";
import cpp from "highlight.js/lib/languages/cpp";
import go from "highlight.js/lib/languages/go";

hljs.registerLanguage("go", go);
hljs.registerLanguage("cpp", cpp);

export interface Token {
  text: string;
  kind: string; // keyword, string, comment, number … or ""
}

interface TokenNode {
  scope?: string;
  children: (TokenNode | string)[];
}

export function languageOf(file: string): string {
  if (file.endsWith(".go")) return "go";
  return /\.(c|cc|cpp|cxx|h|hh|hpp|inc)$/.test(file) ? "cpp" : "";
}

// One list of tokens for each line of the text.
export function tokensOf(text: string, language: string): Token[][] {
  const lines: Token[][] = [[]];
  const put = (piece: string, kind: string): void => {
    piece.split("\n").forEach((part, i) => {
      if (i > 0) lines.push([]);
      if (part) lines.at(-1)!.push({ text: part, kind });
    });
  };
  if (!language) {
    put(text, "");
    return lines;
  }
  const result = hljs.highlight(text, { language, ignoreIllegals: true }) as unknown as {
    _emitter: { rootNode: TokenNode };
  };
  const walk = (node: TokenNode, kind: string): void => {
    for (const child of node.children) {
      if (typeof child === "string") put(child, kind);
      else walk(child, child.scope?.split(".")[0] ?? kind);
    }
  };
  walk(result._emitter.rootNode, "");
  return lines;
}
