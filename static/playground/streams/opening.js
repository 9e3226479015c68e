// A conversation that is opened stands at its newest turn, as whoever wrote it left it.
import { scrollerOf } from "./scrollers.js";

const ABOVE_PX = 12;

/** Go to the last turn: to its message, or to its answer where the message would fill the room. */
export function openAtNewest(thread) {
  const turns = thread.querySelectorAll(":scope > .turn");
  const scroller = scrollerOf(thread);
  if (turns.length < 2 || isElsewhere(scroller)) return;
  const edges = scroller.edges();
  const turn = [...turns].at(-1);
  const answer = turn.querySelector(".turn-answer");
  const [begin, said] = [turn, answer ?? turn].map((element) => element.getBoundingClientRect().top);
  const start = said - begin > (edges.bottom - edges.top) / 2 ? said : begin;
  const goal = scroller.place().top + start - edges.top - ABOVE_PX;
  scroller.goTo(Math.min(goal, scroller.place().goal));
}

/** Tell whether the address names a place, or the browser goes back to where the window was. */
function isElsewhere({ area }) {
  const [opened] = performance.getEntriesByType("navigation");
  return window.location.hash !== "" || (area === window && opened?.type !== "navigate");
}
