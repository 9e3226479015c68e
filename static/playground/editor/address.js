// A page to which a run was added as a column has an address of its own from then on: a reload adds nothing again.
const form = document.getElementById("run-form");

if (form && new URLSearchParams(window.location.search).has("run"))
  window.history.replaceState(window.history.state, "", form.dataset.address);
