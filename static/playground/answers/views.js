// An answer is shown in another way. While it is written its page follows it in that way from now on.

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const link = ctx.sourceElement;
  if (!link.matches("[data-answer-view]")) return;
  const turn = document.getElementById(link.dataset.answerView);
  if (turn?.matches("[data-live]"))
    document.getElementById("streams")?.dispatchEvent(new CustomEvent("closed"));
});
