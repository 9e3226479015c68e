// On paper all is light and as wide as the paper, also the chart; afterwards it is as before.
const root = document.documentElement;
let theme = "light";

function show(shown, isPrinted) {
  root.setAttribute("data-bs-theme", shown);
  root.classList.toggle("is-printed", isPrinted);
  // The chart is drawn before the page is laid out for paper: it has to find the room that it will have there.
  for (const sheet of document.querySelectorAll("link[href*='/print.']"))
    sheet.media = isPrinted ? "all" : "print";
  document.dispatchEvent(new CustomEvent("raxdash:theme"));
}

window.addEventListener("beforeprint", () => {
  theme = root.getAttribute("data-bs-theme");
  show("light", true);
});
window.addEventListener("afterprint", () => show(theme, false));
