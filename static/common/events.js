// Events by the element they belong to, wherever and whenever it came into the page.

/** Call `act(element, event)` for each event of a kind on an element that matches the selector, or inside one. */
export function on(kind, selector, act) {
  document.addEventListener(kind, (event) => {
    const element = event.target.closest(selector);
    if (element) act(element, event);
  });
}
