// Every page: its address, its name, and what it is a page of.
import type { Component } from "svelte";
import ReportPage from "../heap/ReportPage.svelte";
import HoldersPage from "../heap/HoldersPage.svelte";
import WhyPage from "../heap/WhyPage.svelte";
import ListPage from "../heap/ListPage.svelte";
import FlamePage from "../profile/FlamePage.svelte";
import GraphPage from "../profile/GraphPage.svelte";
import PeekPage from "../profile/PeekPage.svelte";
import SourcePage from "../profile/SourcePage.svelte";
import TagsPage from "../profile/TagsPage.svelte";
import TextPage from "../profile/TextPage.svelte";
import TopPage from "../profile/TopPage.svelte";

export interface Page {
  path: string;
  name: string;
  kind: "heap" | "profile";
  component: Component;
  hidden?: boolean; // not among the tabs
}

export const pages: Page[] = [
  { path: "/ui/report", name: "Report", kind: "heap", component: ReportPage },
  { path: "/ui/holders", name: "Holders", kind: "heap", component: HoldersPage },
  { path: "/ui/types", name: "Types", kind: "heap", component: ListPage },
  { path: "/ui/why", name: "Path to root", kind: "heap", component: WhyPage },
  { path: "/ui/maps", name: "Maps", kind: "heap", component: ListPage },
  { path: "/ui/slices", name: "Slices", kind: "heap", component: ListPage },
  { path: "/ui/goroutines", name: "Goroutines", kind: "heap", component: ListPage },
  { path: "/ui/stack", name: "Stack", kind: "heap", component: ListPage, hidden: true },
  { path: "/ui/memory", name: "Memory", kind: "heap", component: ListPage },
  { path: "/ui/flamegraph", name: "Flame graph", kind: "profile", component: FlamePage },
  { path: "/ui/top", name: "Top", kind: "profile", component: TopPage },
  { path: "/ui/graph", name: "Graph", kind: "profile", component: GraphPage },
  { path: "/ui/peek", name: "Peek", kind: "profile", component: PeekPage },
  { path: "/ui/source", name: "Source", kind: "profile", component: SourcePage },
  { path: "/ui/tags", name: "Tags", kind: "profile", component: TagsPage },
  { path: "/ui/text", name: "Text", kind: "profile", component: TextPage },
  { path: "/ui/disasm", name: "Disassembly", kind: "profile", component: TextPage, hidden: true },
];
