// What a button says in the place of its own words, such as "Copied": until anything is pressed next.

const own = new Map();

/** Let a label say these words until the next press. */
export function tellAt(label, words) {
  if (!own.has(label)) own.set(label, label.textContent);
  label.textContent = words;
}

function putBack() {
  for (const [label, words] of own) label.textContent = words;
  own.clear();
}

for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, putBack, { capture: true });
