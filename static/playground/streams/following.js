// Stay at the end of a growing conversation until the reader goes elsewhere; a button leads back.
//
// What frees a reader is that the page moved up and nothing of ours moved it: the wheel, keys, the scroll bar, a finger,
// a search, a selection that is dragged all look the same then. Some of them announce themselves, and are believed before
// the first pixel: text that arrives meanwhile would undo their beginning.
import { on } from "../../common/events.js";
import { openAtNewest } from "./opening.js";
import { scrollerOf } from "./scrollers.js";

const NEAR_END_PX = 120;
const AT_END_PX = 4;
const KEYS_UPWARDS = ["ArrowUp", "PageUp", "Home"];
const SCROLLS_ITSELF = "input, textarea, select, .turn-text, .params-in";
const PASSIVE = { passive: true };

/** Follow the end of a conversation from the moment the reader is there. `bar` leads back to it. */
export function followThread(thread, bar) {
  openAtNewest(thread);
  const following = new Following(thread, bar);
  following.listen();
  following.begin();
}

class Following {
  constructor(thread, bar) {
    this.thread = thread;
    this.bar = bar;
    this.scroller = scrollerOf(thread);
    // The turns that were here before.
    this.known = new Set(Array.from(thread.querySelectorAll(".turn"), (turn) => turn.id));
    this.seen = this.scroller.place();
    this.isFollowing = false;
    this.wasFreed = false;
    this.touchedAt = 0;
  }

  begin() {
    if (this.#isLive() && this.seen.goal - this.seen.top < NEAR_END_PX) this.#follow();
    else this.#offer(this.seen);
  }

  listen() {
    const { area } = this.scroller;
    const hear = (kind, act) => area.addEventListener(kind, act, PASSIVE);
    hear("wheel", (event) => this.#expect(event.deltaY < 0, event));
    hear("keydown", (event) => this.#expect(isUpwards(event), event));
    hear("touchstart", (event) => {
      this.touchedAt = heightOf(event);
    });
    hear("touchmove", (event) => this.#expect(heightOf(event) > this.touchedAt, event));
    hear("scroll", () => this.#look());
    window.addEventListener("resize", () => (this.isFollowing ? this.#follow() : this.#look()));
    on("click", "[data-to-end]", (button) => this.bar?.contains(button) && this.#goToEnd());
    const watched = { childList: true, subtree: true, characterData: true };
    new MutationObserver((changes) => this.#handleChanges(changes)).observe(this.thread, watched);
    // What stands around it grows too: the gauge of a key comes, and what is typed takes more lines.
    new ResizeObserver(() => this.#handleChanges([])).observe(document.body);
  }

  #goToEnd() {
    this.#follow();
    this.thread.focus({ preventScroll: true });
  }

  #free() {
    this.wasFreed ||= this.isFollowing;
    this.isFollowing = false;
    this.#offer(this.seen);
  }

  #follow() {
    this.isFollowing = true;
    this.scroller.goTo(this.scroller.place().goal);
    this.seen = this.scroller.place();
    this.#offer(this.seen);
  }

  #offer(now) {
    const isAway = !this.isFollowing && now.goal - now.top >= AT_END_PX;
    const isHidden = !(isAway && (this.wasFreed || this.#isLive()));
    // What is set, even to what it was, is laid out again: with each piece of an answer.
    if (this.bar && this.bar.hidden !== isHidden) this.bar.hidden = isHidden;
  }

  // A page that became shorter is moved up by the browser: only what goes beyond that was somebody. A movement may
  // begin by less than a pixel at a time.
  #look() {
    const { seen } = this;
    const now = this.scroller.place();
    const top = seen.top - Math.max(0, seen.most - now.most);
    if (top - now.top > 1) this.#free();
    else if (now.top > seen.top && now.goal - now.top < AT_END_PX) this.isFollowing = true;
    else now.top = Math.max(now.top, top);
    this.seen = now;
    this.#offer(now);
  }

  #handleChanges(changes) {
    this.#look();
    if (this.#bringsNewTurn(changes) || this.isFollowing) this.#follow();
  }

  // At the top there is nowhere to go.
  #expect(goesUp, event) {
    if (goesUp && this.seen.top > 0 && !event.target.closest?.(SCROLLS_ITSELF)) this.#free();
  }

  #isLive() {
    return this.thread.querySelector("[data-live]") !== null;
  }

  #bringsNewTurn(changes) {
    let isNew = false;
    for (const { target, addedNodes } of changes) {
      if (target !== this.thread) continue;
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE || !node.matches(".turn") || this.known.has(node.id))
          continue;
        this.known.add(node.id);
        isNew = true;
      }
    }
    return isNew;
  }
}

function isUpwards(event) {
  return KEYS_UPWARDS.includes(event.key) || (event.key === " " && event.shiftKey);
}

function heightOf({ touches }) {
  return touches[0].clientY;
}
