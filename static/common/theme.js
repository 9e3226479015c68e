// Runs before the first paint, so that a dark page never flashes white: no module, as those wait for the page.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  }

  function choose(theme) {
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // A private window forgets it.
    }
    apply();
  }

  function apply() {
    const theme = chosen() || (system.matches ? "dark" : "light");
    root.setAttribute("data-bs-theme", theme);
    document.dispatchEvent(new CustomEvent("raxdash:theme", { detail: theme }));
  }

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-toggle-theme]")) return;
    choose(root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark");
  });
})();
