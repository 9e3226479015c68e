// Runs before the first paint, so that a dark page never flashes white.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = () => {
    const theme = chosen() || (system.matches ? "dark" : "light");
    document.documentElement.setAttribute("data-bs-theme", theme);
    document.dispatchEvent(new CustomEvent("raxdash:theme", { detail: theme }));
  };
  apply();
  system.addEventListener("change", apply);
  window.raxdashTheme = {
    toggle() {
      const dark = document.documentElement.getAttribute("data-bs-theme") === "dark";
      try { localStorage.setItem("theme", dark ? "light" : "dark"); } catch { /* a private window forgets it */ }
      apply();
    },
  };
})();
