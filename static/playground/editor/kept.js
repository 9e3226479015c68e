// What could not be brought to the server, kept in this tab until it can: through a reload, a sign-in, a lost line.
import { forgetAll, forget as forgetName, remember, remembered } from "../../common/tab.js";

const PREFIX = "raxdash:draft:";

/** Keep what was typed into a page's columns, and what is theirs: keys, drafts, conversations, by name. */
export function keep(form, fields, own) {
  remember(nameFor(form), { fields, own });
}

/** Return what was kept for the person and the team of this form, or null; of others nothing stays. */
export function keptFor(form) {
  forgetAll((name) => name.startsWith(PREFIX) && !name.startsWith(`${PREFIX}${form.dataset.person}:`));
  return remembered(nameFor(form));
}

/** Keep nothing any more. */
export function forget(form) {
  forgetName(nameFor(form));
}

function nameFor(form) {
  return `${PREFIX}${form.dataset.person}:${form.dataset.draft}`;
}
