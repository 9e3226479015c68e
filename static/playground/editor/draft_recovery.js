// What this browser kept of earlier pages, while the server was away or as they were closed, comes back: to the server, and
// the newest that belongs here into the form.
import { bodyOfOther, conversationsIn, messageIn, ownOf, post } from "./draft_body.js";
import { offer, tell } from "./draft_state.js";
import { copiesFor, letGo } from "./kept.js";
import { isSame } from "./typed.js";

/** Bring all copies to the server; `takeIn(copy, answer)` puts one into the form, `answer` is null while nobody answers. */
export async function recoverAll(form, takeIn) {
  let isTaken = false;
  for (const one of copiesFor(form)) {
    const isWanted = !isTaken && isFor(form, one.copy);
    // biome-ignore lint/performance/noAwaitInLoops: what is written later is newer
    const answer = await bring(form, one);
    if (!form.isConnected) return;
    const isHere = isWanted && (answer === null || (answer.saved && !answer.apart));
    if (isHere) takeIn(one.copy, answer);
    else if (answer?.saved) offer(messageIn(one.copy.fields), answer.draft_id);
    isTaken ||= isHere;
    // One that only this page holds now is kept by it.
    if (isHere || answer?.saved || answer?.gone) letGo(one);
  }
}

async function bring(form, { copy: { fields, own } }) {
  const answer = await post(form, bodyOfOther(form, { ...fields, ...own, recovered: "on" }));
  if (answer && !answer.saved && !answer.gone) tell(answer.why);
  return answer;
}

/** Tell whether a copy may be put into this form: as with drafts, nothing into what began as another run was. */
function isFor(form, { fields, own = {} }) {
  const asked = new URLSearchParams(window.location.search);
  if (asked.has("from")) return false;
  if (asked.has("draft_id")) return own.draft_id === form.elements.draft_id.value;
  const here = conversationsIn(ownOf(form));
  const there = conversationsIn(own);
  if (here.length !== there.length) return false;
  return isSame(here, there) || (messageIn(fields) !== "" && !here.some(Boolean));
}
