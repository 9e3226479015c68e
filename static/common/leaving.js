// Who signs out leaves nothing in this browser of what they typed; pages of theirs that are still open keep nothing more.
//
// The server has the browser forget all of the site, which happens before this page goes, and not without TLS.
import { browser } from "./browser.js";
import { on } from "./events.js";
import { tab } from "./tab.js";

const TYPED = /^raxdash:(?:draft:|schema:|owed|sent)/u;
const { person } = document.body.dataset;
const channel = new BroadcastChannel("raxdash:left");
let isLeft = false;

/** Tell whether the person whose page this is has signed out meanwhile, here or in another window. */
export function hasLeft() {
  return isLeft;
}

function leave() {
  isLeft = true;
  for (const store of [browser, tab]) store.forgetAll((name) => TYPED.test(name));
}

channel.addEventListener("message", ({ data }) => {
  if (data === person) leave();
});

// After sending.js, which lets a form go only once raxdash answers.
on("submit", "[data-sign-out]", (_form, event) => {
  if (event.defaultPrevented) return;
  leave();
  channel.postMessage(person);
});
