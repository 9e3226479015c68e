// What differs between the columns, as the server says it with each saved change.

document.addEventListener("raxdash:saved", ({ detail: { differs } }) => {
  const place = document.getElementById("differs");
  // Who is at its button is not interrupted.
  if (differs && place && !place.contains(document.activeElement)) place.innerHTML = differs;
});
