// What could not be brought to the server, kept in this tab until it can: through a reload, a sign-in, a lost line.

const PREFIX = "raxdash:draft:";

/** Keep what was typed into a form, with the key that its page writes drafts by. */
export function keep(form, fields, page) {
  const { conversation, draft } = form.elements;
  const copy = { fields, page, draft: draft.value, conversation: conversation.value };
  try {
    sessionStorage.setItem(nameFor(form), JSON.stringify(copy));
  } catch {
    // A tab that may keep nothing: it says that the draft is not saved.
  }
}

/** Return what was kept for the person and the team of this form, or null; of others nothing stays. */
export function keptFor(form) {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(PREFIX) && !name.startsWith(`${PREFIX}${form.dataset.person}:`)) {
        sessionStorage.removeItem(name);
      }
    }
    return JSON.parse(sessionStorage.getItem(nameFor(form)));
  } catch {
    return null;
  }
}

/** Keep nothing any more. */
export function forget(form) {
  try {
    sessionStorage.removeItem(nameFor(form));
  } catch {
    // Nothing was kept.
  }
}

function nameFor(form) {
  return `${PREFIX}${form.dataset.person}:${form.dataset.draft}`;
}
