// Light or dark: what the system says until the person chooses.

type Theme = "light" | "dark";
const kKey = "memsnap.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(kKey);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null;
  }
}

class ThemeChoice {
  now = $state<Theme>("light");

  constructor() {
    this.#apply(stored() ?? (system.matches ? "dark" : "light"));
    system.addEventListener("change", () => {
      if (!stored()) this.#apply(system.matches ? "dark" : "light");
    });
  }

  flip(): void {
    this.#apply(this.now === "dark" ? "light" : "dark");
    try {
      localStorage.setItem(kKey, this.now);
    } catch {
      // A browser that keeps nothing: the choice lasts as long as the page.
    }
  }

  #apply(theme: Theme): void {
    this.now = theme;
    document.documentElement.dataset.theme = theme;
  }
}

export const theme = new ThemeChoice();

// A colour of theme.css, for canvases.
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
