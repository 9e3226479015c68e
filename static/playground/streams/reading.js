// Reading answers: stay at the end while the reader is there, copy, count down to the next try.
const thread = document.getElementById("thread");
const NEAR_END_PX = 120;

// Follow the text only from the moment the reader is at the end, and until they scroll away.
let following = false;
const distanceToEnd = () => document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
const toEnd = () => window.scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });

window.addEventListener("wheel", (event) => { if (event.deltaY < 0) following = false; }, { passive: true });
window.addEventListener("touchmove", () => { following = false; }, { passive: true });
window.addEventListener("keydown", (event) => {
  if (["ArrowUp", "PageUp", "Home"].includes(event.key) && !event.target.closest("input, textarea, select")) following = false;
});
window.addEventListener("scroll", () => { if (distanceToEnd() < 4) following = true; }, { passive: true });

if (thread) {
  const isLive = () => thread.querySelector("[data-live]") !== null;
  new MutationObserver((changes) => {
    const newTurn = changes.some((change) => change.target === thread && change.addedNodes.length);
    if (newTurn && distanceToEnd() >= 0) following = true;
    if (following) toEnd();
    startCountdowns();
  }).observe(thread, { childList: true, subtree: true, characterData: true });
  if (isLive() && distanceToEnd() < NEAR_END_PX) following = true;
}

async function copy(text, label) {
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(text);
    label.textContent = "Copied";
  } catch {
    label.textContent = "Not allowed";
  }
  setTimeout(() => { label.textContent = before; }, 1500);
}

document.addEventListener("click", (event) => {
  const answer = event.target.closest("[data-copy-answer]");
  if (answer) {
    const source = answer.closest(".turn").querySelector("template[data-source]");
    copy(source.content.textContent, answer.querySelector("span"));
  }
  const code = event.target.closest(".code-copy");
  if (code) copy(code.closest(".code").querySelector("code").textContent, code);
});

// After a 429: count the seconds the API asked for, then let the button be pressed.
function startCountdowns() {
  for (const line of document.querySelectorAll("[data-countdown]")) {
    const end = Date.now() + Number(line.dataset.countdown) * 1000;
    line.removeAttribute("data-countdown");
    const button = line.parentElement.querySelector("[data-wait-for-countdown]");
    if (button) button.disabled = true;
    countDown(line, button, end);
  }
}

function inWords(seconds) {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

function countDown(line, button, end) {
  const left = Math.ceil((end - Date.now()) / 1000);
  if (!line.isConnected) return;
  if (left > 0) {
    line.querySelector("[data-countdown-left]").textContent = inWords(left);
    setTimeout(() => countDown(line, button, end), 1000);
    return;
  }
  line.textContent = line.dataset.done;
  if (button) button.disabled = false;
}
startCountdowns();
