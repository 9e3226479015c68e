// What a person does, and what a page does by itself.

/** Tell whether a person's own act made htmx ask: its own events are for what a page does by itself. */
export function isDeed({ sourceEvent }) {
  return sourceEvent instanceof Event && !(sourceEvent instanceof CustomEvent);
}

/** Tell whether a person goes back to an earlier page. */
export function isGoingBack({ request }) {
  return Boolean(request.headers["HX-History-Restore-Request"]);
}

/** Tell whether a person asked for what comes by pressing something, and not only typed or chose on the way to it. */
export function isPressed(ctx) {
  const { sourceElement, sourceEvent } = ctx;
  return isDeed(ctx) && sourceEvent.type !== "input" && sourceElement.contains(sourceEvent.target);
}
