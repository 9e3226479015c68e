// What the page shows of its draft: how far it is saved, which one it is, and what was written elsewhere meanwhile.

let lastWords = null;

/** Say how far what was typed is saved; an empty text where nothing is. */
export function tell(words) {
  lastWords = words;
  say(words);
}

/** Say that what was typed is saved, and since when. */
export function tellSaved() {
  const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  tell(`Saved ${now}`);
}

/** Say that what was typed is about to be saved. */
export function tellSaving() {
  const place = document.querySelector("[data-draft-state]");
  lastWords ??= place?.textContent ?? "";
  if (place) place.textContent = "Saving…";
}

/** Say that what was typed is on its way, until an answer says what became of it. */
export function tellSending() {
  const place = document.querySelector("[data-draft-state]");
  if (place) place.textContent = "Sending …";
}

/** Say again what was said before: nothing has changed after all. */
export function tellAgain() {
  if (lastWords !== null) say(lastWords);
}

function say(words) {
  const place = document.querySelector("[data-draft-state]");
  if (!place) return;
  place.textContent = words;
  place.parentElement.querySelector("[form=discard-draft]").hidden = words === "";
  const earlier = place.parentElement.querySelector("[data-draft-earlier]");
  earlier.hidden = words === "" || !earlier.getAttribute("href");
}

/** Let the page know which draft it goes on with, and when that was saved. */
export function know(form, { draft_id: id, draft_seen: seen, address, apart }) {
  name(id);
  form.elements.draft_seen.value = seen;
  document.querySelector("[data-draft-earlier]")?.setAttribute("href", address);
  if (apart || beginsAsRun()) nameInAddress(id);
}

/** Let the page go on without a draft: its own was sent. */
export function goOnWithout() {
  name("");
}

function name(id) {
  for (const field of document.querySelectorAll("[name=draft_id]")) field.value = id;
}

/** Tell whether the page's address says that it begins as a run: on a reload it would again. */
function beginsAsRun() {
  return new URLSearchParams(window.location.search).has("from");
}

/** A page whose draft is one of several there, or is not what it began with, comes back with that. */
function nameInAddress(id) {
  const address = new URL(window.location.href);
  address.searchParams.set("draft_id", id);
  window.history.replaceState(window.history.state, "", address);
}

/** Show what was written elsewhere, as the server says it, with what can be done; nothing takes it away again. */
export function showClash(markup) {
  const place = document.getElementById("draft-clash");
  if (place) place.innerHTML = markup;
}

/** Somebody has chosen. */
export function clearClash() {
  document.getElementById("draft-clash")?.replaceChildren();
}

/** Tell whether it has to be chosen between this page and another one. */
export function isClashing() {
  return document.getElementById("draft-clash")?.hasChildNodes() === true;
}

/** Say that something is a draft of its own now which this browser had kept. */
export function offer(words, id) {
  const place = document.getElementById("draft-kept");
  if (!place) return;
  const [line, quoted, link] = ["p", "bdi", "a"].map((kind) => document.createElement(kind));
  line.className = "t2 draft-elsewhere";
  quoted.textContent = words.length > 60 ? `${words.slice(0, 59)}…` : words;
  link.href = `${window.location.pathname}?draft_id=${id}`;
  link.textContent = "Go on with it";
  line.append(
    "Kept in this browser while raxdash was away, and a draft of its own now: “",
    quoted,
    "” ",
    link,
  );
  place.append(line);
}
