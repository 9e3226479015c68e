// A file that is too large is refused before it is sent: a server that closes the door tells nobody why.

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-most-bytes]");
  if (!form || target.type !== "file") {
    return;
  }
  const most = Number(form.dataset.mostBytes);
  const isTooLarge = [...target.files].some((file) => file.size > most);
  target.setCustomValidity(isTooLarge ? form.dataset.tooLarge : "");
  target.reportValidity();
});
