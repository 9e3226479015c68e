// A page that begins in another way than it was left has an address of its own from then on: a reload adds nothing again.
const BEGINNINGS = ["run", "use", "edit", "values", "example"];
const form = document.getElementById("run-form");
const asked = new URLSearchParams(window.location.search);

if (form && BEGINNINGS.some((name) => asked.has(name)))
  window.history.replaceState(window.history.state, "", form.dataset.address);
