// The line that what is set folds into on a small screen (fold.css) says what that is.
import { on } from "../../common/events.js";

const MOST_CHARS = 80;

on("input", "[form=run-form]", tell);
on("change", "[form=run-form]", tell);
document.addEventListener("htmx:after:swap", tell);
document.addEventListener("toggle", tell, { capture: true });
tell();

function tell() {
  for (const fold of document.querySelectorAll(".fold")) {
    const words = fold.parentElement.matches(".playground")
      ? ofAll(fold.parentElement)
      : ofOne(fold.parentElement);
    const place = fold.querySelector("[data-fold-words]");
    const line = words.filter(Boolean).join(" · ");
    if (line && place.textContent !== line) place.textContent = line;
  }
}

/** Return what is set for the next message of a page of one column. */
function ofOne(box) {
  const { value: model = "" } = box.querySelector("[name=model]") ?? {};
  const key = box.querySelector("select[name=key]")?.selectedOptions[0]?.text.trim();
  const sent = [...box.querySelectorAll("[data-parameter]:not(.is-unset)")].map((one) =>
    one.textContent.trim(),
  );
  const earlier = box.querySelectorAll(".before-message").length;
  return [
    model,
    key,
    textOf(box, ".system-prompt textarea") && "system prompt",
    earlier > 0 && `${earlier} earlier message${earlier > 1 ? "s" : ""}`,
    ...valuesIn(box),
    ...(sent.length > 0 ? sent : ["no parameters sent"]),
  ];
}

/** Return what all columns have in common. */
function ofAll(page) {
  return [
    ...valuesIn(page.querySelector(".variables-of-all")),
    textOf(page, ".of-all .system-prompt textarea"),
  ];
}

function valuesIn(place) {
  const fields = [...(place?.querySelectorAll("[data-variable]") ?? [])];
  return fields
    .filter(({ dataset }) => dataset.variable)
    .map(({ dataset, value }) => `${dataset.variable}: ${begun(value) || "no value yet"}`);
}

function textOf(place, selector) {
  return begun(place.querySelector(selector)?.value ?? "");
}

function begun(text) {
  return text.slice(0, MOST_CHARS).replace(/\s+/gu, " ").trim();
}
