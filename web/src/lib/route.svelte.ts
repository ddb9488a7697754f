// Where the person is. All of it is in the URL, so that a link shows the same view.

export type Changes = Record<string, string | number | null | undefined>;

class Route {
  path = $state(location.pathname);
  query = $state(location.search);
  params = $derived(new URLSearchParams(this.query));

  constructor() {
    addEventListener("popstate", () => this.#look());
  }

  get(name: string): string {
    return this.params.get(name) ?? "";
  }

  // The address with some parameters changed; null or "" takes one away.
  href(path: string, changes: Changes = {}, from: URLSearchParams = this.params): string {
    const params = new URLSearchParams(from);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === "") params.delete(name);
      else params.set(name, String(value));
    }
    const query = params.toString();
    return query ? `${path}?${query}` : path;
  }

  go(href: string): void {
    if (href === location.pathname + location.search) return;
    history.pushState(null, "", href);
    this.#look();
  }

  // Changes parameters of this page. `step` is false for what changes with every key that is typed.
  set(changes: Changes, step = true): void {
    const href = this.href(this.path, changes);
    if (href === location.pathname + location.search) return;
    if (step) history.pushState(null, "", href);
    else history.replaceState(null, "", href);
    this.#look();
  }

  #look(): void {
    this.path = location.pathname;
    this.query = location.search;
  }
}

export const route = new Route();

// For links inside the pages: a plain click stays in this document.
export function follow(event: MouseEvent): void {
  const link = event.currentTarget as HTMLAnchorElement;
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  route.go(link.pathname + link.search);
}
