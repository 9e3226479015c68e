// What could not be brought to the server, kept in this browser until it can: through a reload, a sign-in, a lost line,
// a closed tab. Each page keeps its own copy, so that none takes another's place.
import { browser } from "../../common/browser.js";
import { hasLeft } from "../../common/leaving.js";
import { tab } from "../../common/tab.js";
import { newKey } from "./keys.js";

const PREFIX = "raxdash:draft:";

/** Keep what was typed into a page's columns, and what is theirs: keys, drafts, conversations, by name. Return whether it is. */
export function keep(form, fields, own) {
  if (hasLeft()) return false;
  const copy = { fields, own, keptAt: Date.now() };
  // What this tab alone remembers goes with it; better than nothing.
  return browser.remember(nameFor(form), copy) || tab.remember(nameFor(form), copy);
}

/** Return the copies for the person and the team of this form, the newest first; of other people none stays. */
export function copiesFor(form) {
  const mine = `${PREFIX}${form.dataset.person}:`;
  return [browser, tab]
    .flatMap((store) => {
      store.forgetAll((name) => name.startsWith(PREFIX) && !name.startsWith(mine));
      const names = store.names().filter((name) => name.startsWith(mine + form.dataset.draft));
      return names.map((name) => ({ store, name, copy: store.remembered(name) }));
    })
    .filter(({ name, copy }) => copy && name !== nameFor(form))
    .sort((one, other) => (other.copy.keptAt ?? 0) - (one.copy.keptAt ?? 0));
}

/** Let go of a copy that was brought to the server, unless its page has kept something newer meanwhile. */
export function letGo({ store, name, copy }) {
  if (JSON.stringify(store.remembered(name)) === JSON.stringify(copy)) store.forget(name);
}

/** Keep nothing of this form any more. */
export function forget(form) {
  browser.forget(nameFor(form));
  tab.forget(nameFor(form));
}

function nameFor(form) {
  form.dataset.copy ??= newKey();
  return `${PREFIX}${form.dataset.person}:${form.dataset.draft}:${form.dataset.copy}`;
}
