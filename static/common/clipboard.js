// The clipboard, which a browser may refuse.

/** Put a text on the clipboard; tell whether the browser allowed it. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
