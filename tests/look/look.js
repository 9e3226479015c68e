// What is wrong with the page as it stands, in sentences. Evaluated in the page, beside axe.
({ width, withFocus }) => {
  const findings = [];
  const name = (node) =>
    `${node.tagName.toLowerCase()}${node.id ? `#${node.id}` : ""} “${(node.innerText || node.name || "").trim().slice(0, 40)}”`;

  const wide = document.documentElement.scrollWidth;
  if (wide > width) {
    const culprits = [...document.body.querySelectorAll("*")].filter(
      (node) => node.checkVisibility() && node.getBoundingClientRect().right > width + 1,
    );
    findings.push(`${wide} px wide: ${culprits.slice(0, 3).map(name).join(", ")}`);
  }

  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(
    (node) => !node.closest("[hidden]"),
  );
  const levels = headings.map((node) => Number(node.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1 || levels[0] !== 1)
    findings.push(`headings ${levels.join(" ")}`);
  levels.forEach((level, place) => {
    if (place && level > levels[place - 1] + 1)
      findings.push(`h${level} follows h${levels[place - 1]}: ${name(headings[place])}`);
  });

  const shown = [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility());
  const filled = shown.filter((node) => node.matches(".btn-primary"));
  if (filled.length > 1) findings.push(`${filled.length} filled buttons: ${filled.map(name).join(", ")}`);
  const loud = shown.filter((node) => getComputedStyle(node).textTransform === "uppercase");
  if (loud.length) findings.push(`in capitals: ${loud.slice(0, 3).map(name).join(", ")}`);

  // A column's name beside its cell, on a phone.
  const low = shown.filter(
    (node) => node.matches("td[data-label]") && node.scrollHeight > node.offsetHeight + 1,
  );
  if (low.length > 0) findings.push(`over what is below: ${low.slice(0, 3).map(name).join(", ")}`);

  if (!document.querySelector("link[rel=icon]")) findings.push("no favicon");
  if (!/^\S.* · raxdash$/u.test(document.title)) findings.push(`title ${document.title}`);

  const parts = [
    "outlineStyle",
    "outlineWidth",
    "outlineColor",
    "boxShadow",
    "borderTopColor",
    "backgroundColor",
    "clip",
  ];
  const look = (node) => {
    const style = getComputedStyle(node);
    return parts.map((part) => style[part]).join(" ");
  };
  const focusable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  for (const node of withFocus ? document.querySelectorAll(focusable) : []) {
    if (node.disabled || !node.checkVisibility({ visibilityProperty: true })) continue;
    document.activeElement.blur();
    const before = look(node);
    node.focus({ preventScroll: true, focusVisible: true });
    if (document.activeElement !== node) findings.push(`takes no focus: ${name(node)}`);
    else if (look(node) === before) findings.push(`no visible focus: ${name(node)}`);
  }
  document.activeElement.blur();
  return findings;
};
