// Events by the element they belong to, wherever and whenever it came into the page.

const COMPOSING_CODE = 229;

/** Call `act(element, event)` for each event of a kind on an element that matches the selector, or inside one. */
export function on(kind, selector, act) {
  document.addEventListener(kind, (event) => {
    const element = event.target.closest(selector);
    if (element) act(element, event);
  });
}

/** Tell whether a key belongs to an input method, which composes a word with it. Some browsers say so by a code alone. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === COMPOSING_CODE;
}
