// Stay at the end of a growing conversation until the reader goes elsewhere; a button leads back.
//
// What frees a reader is that the page moved up and nothing of ours moved it: the wheel, keys, the scroll bar, a finger,
// a search, a selection that is dragged all look the same then. Some of them announce themselves, and are believed before
// the first pixel: text that arrives meanwhile would undo their beginning.
import { on } from "../../common/events.js";

const NEAR_END_PX = 120;
const AT_END_PX = 4;
// What may stand below a conversation, such as the page's margin, and is shown with its end.
const BELOW_PX = 48;
const KEYS_UPWARDS = ["ArrowUp", "PageUp", "Home"];
const SCROLLS_ITSELF = "input, textarea, select, .turn-text, .settings";
const PASSIVE = { passive: true };

let thread = null;
let bar = null;
// The turns that were here before.
let known = null;
let seen = null;
let isFollowing = false;
let wasFreed = false;
let touchedAt = 0;

/** Follow the end of a conversation from the moment the reader is there. */
export function followThread(conversation) {
  thread = conversation;
  bar = document.querySelector("[data-to-end-bar]");
  known = new Set(Array.from(thread.querySelectorAll(".turn"), (turn) => turn.id));
  seen = place();
  listen();
  if (isLive() && seen.goal - seen.top < NEAR_END_PX) follow();
  else offer(seen);
}

function listen() {
  window.addEventListener("wheel", (event) => expect(event.deltaY < 0, event), PASSIVE);
  window.addEventListener("keydown", (event) => expect(isUpwards(event), event));
  window.addEventListener("touchstart", noteTouch, PASSIVE);
  window.addEventListener("touchmove", (event) => expect(heightOf(event) > touchedAt, event), PASSIVE);
  window.addEventListener("scroll", look, PASSIVE);
  window.addEventListener("resize", () => (isFollowing ? follow() : look()));
  on("click", "[data-to-end]", () => {
    follow();
    thread.focus({ preventScroll: true });
  });
  const watched = { childList: true, subtree: true, characterData: true };
  new MutationObserver(handleChanges).observe(thread, watched);
}

function free() {
  wasFreed ||= isFollowing;
  isFollowing = false;
  offer(seen);
}

function follow() {
  isFollowing = true;
  window.scrollTo({ top: place().goal, behavior: "instant" });
  seen = place();
  offer(seen);
}

function offer(now) {
  const isAway = !isFollowing && now.goal - now.top >= AT_END_PX;
  if (bar) bar.hidden = !(isAway && (wasFreed || isLive()));
}

// A page that became shorter is moved up by the browser: only what goes beyond that was somebody. A movement may
// begin by less than a pixel at a time.
function look() {
  const now = place();
  const top = seen.top - Math.max(0, seen.most - now.most);
  if (top - now.top > 1) free();
  else if (now.top > seen.top && now.goal - now.top < AT_END_PX) isFollowing = true;
  else now.top = Math.max(now.top, top);
  seen = now;
  offer(now);
}

function handleChanges(changes) {
  look();
  if (bringsNewTurn(changes) || isFollowing) follow();
}

// At the top there is nowhere to go.
function expect(goesUp, event) {
  if (goesUp && seen.top > 0 && !event.target.closest?.(SCROLLS_ITSELF)) free();
}

function isLive() {
  return thread.querySelector("[data-live]") !== null;
}

/** Where the page is, how far down it can go, and where the conversation's end shows. */
function place() {
  const top = window.scrollY;
  const most = document.documentElement.scrollHeight - window.innerHeight;
  const end = thread.parentElement.getBoundingClientRect().bottom + top - window.innerHeight;
  return { top, most, goal: Math.min(most, end + BELOW_PX) };
}

function bringsNewTurn(changes) {
  let isNew = false;
  for (const { target, addedNodes } of changes) {
    if (target !== thread) continue;
    for (const node of addedNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE || !node.matches(".turn") || known.has(node.id)) continue;
      known.add(node.id);
      isNew = true;
    }
  }
  return isNew;
}

function isUpwards(event) {
  return KEYS_UPWARDS.includes(event.key) || (event.key === " " && event.shiftKey);
}

function noteTouch(event) {
  touchedAt = heightOf(event);
}

function heightOf({ touches }) {
  return touches[0].clientY;
}
