// What scrolls where a conversation stands: the window, or one of several columns for itself.

// What may stand below a conversation, such as the page's margin, and is shown with its end.
const BELOW_PX = 48;

/** Return what scrolls around a conversation: where its events are, where it is, how far it goes, how it is moved. */
export function scrollerOf(thread) {
  const own = thread.closest("[data-scroller]");
  return own && getComputedStyle(own).overflowY === "auto" ? columnScroller(own) : windowScroller(thread);
}

function columnScroller(area) {
  const place = () => {
    const most = area.scrollHeight - area.clientHeight;
    return { top: area.scrollTop, most, goal: most };
  };
  const edges = () => area.getBoundingClientRect();
  return { area, place, edges, goTo: (top) => area.scrollTo({ top, behavior: "instant" }) };
}

/** Here the conversation's end shows where its parent ends. */
function windowScroller(thread) {
  const place = () => {
    const top = window.scrollY;
    const most = document.documentElement.scrollHeight - window.innerHeight;
    const end = endOf(thread).getBoundingClientRect().bottom + top - window.innerHeight;
    return { top, most, goal: Math.min(most, end + BELOW_PX) };
  };
  const edges = () => ({ top: 0, bottom: window.innerHeight });
  return { area: window, place, edges, goTo: (top) => window.scrollTo({ top, behavior: "instant" }) };
}

function endOf(thread) {
  return thread.closest(".playground, .run-thread") ?? thread.parentElement;
}
