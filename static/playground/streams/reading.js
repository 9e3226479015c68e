// Reading answers as they arrive: stay at the end while the reader is there, count down to the next try.
import { startCountdowns } from "./countdown.js";

const NEAR_END_PX = 120;
const KEYS_UPWARDS = ["ArrowUp", "PageUp", "Home"];
const PASSIVE = { passive: true };
const thread = document.getElementById("thread");

// Follow the text only from the moment the reader is at the end, and until they scroll away.
let following = false;

function follow() {
  following = true;
}

function stay() {
  following = false;
}

function distanceToEnd() {
  return document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
}

function goToEnd() {
  window.scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
}

function handleWheel(event) {
  if (event.deltaY < 0) stay();
}

function handleKey(event) {
  const isTyping = event.target.closest("input, textarea, select") !== null;
  if (KEYS_UPWARDS.includes(event.key) && !isTyping) stay();
}

function handleScroll() {
  if (distanceToEnd() < 4) follow();
}

function handleChanges(changes) {
  const isNewTurn = changes.some((change) => change.target === thread && change.addedNodes.length > 0);
  if (isNewTurn && distanceToEnd() >= 0) follow();
  if (following) goToEnd();
  startCountdowns();
}

window.addEventListener("wheel", handleWheel, PASSIVE);
window.addEventListener("touchmove", stay, PASSIVE);
window.addEventListener("scroll", handleScroll, PASSIVE);
window.addEventListener("keydown", handleKey);

if (thread) {
  const watched = { childList: true, subtree: true, characterData: true };
  new MutationObserver(handleChanges).observe(thread, watched);
  const isLive = thread.querySelector("[data-live]") !== null;
  if (isLive && distanceToEnd() < NEAR_END_PX) follow();
}
startCountdowns();
