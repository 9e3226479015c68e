// The clipboard, which a browser may refuse; over plain http it knows only the old way.

/** Put a text on the clipboard; tell whether the browser allowed it. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Copy by selecting a field that nobody sees; what was selected before is again. */
function copyBySelection(text) {
  const { activeElement } = document;
  const selection = document.getSelection();
  const range = selection?.rangeCount ? selection.getRangeAt(0) : null;
  const field = document.createElement("textarea");
  field.className = "visually-hidden";
  field.readOnly = true;
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = commandCopies();
  field.remove();
  if (range) selection.addRange(range);
  activeElement?.focus({ preventScroll: true });
  return copied;
}

function commandCopies() {
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}
