// What differs between the columns, and which words, as the server says it with each saved change.

document.addEventListener("raxdash:saved", ({ detail: { differs, marks = {} } }) => {
  const place = document.getElementById("differs");
  // Who is at its button is not interrupted.
  if (differs && place && !place.contains(document.activeElement)) place.innerHTML = differs;
  for (const marked of document.querySelectorAll(".marks")) {
    marked.innerHTML = marks[marked.id.slice("marks-".length)] ?? "";
  }
});
