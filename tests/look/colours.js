// What axe says of the contrast of text, asked of each mixture of colours that is not known yet: to look at every
// word of every page in each theme takes longer than all else, and of two that are mixed alike it says the same.
async (known) => {
  const styles = new Map();
  const style = (node) => {
    if (!styles.has(node)) styles.set(node, getComputedStyle(node));
    return styles.get(node);
  };

  // What shines through, down to the first surface that nothing does. What floats may lie over anything.
  const ground = (node) => {
    const layers = [];
    for (let place = node; place; place = place.parentElement) {
      const { position, opacity, backgroundColor, backgroundImage } = style(place);
      layers.push(`${backgroundColor} ${backgroundImage} ${opacity}`);
      if (backgroundColor.startsWith("rgb(") && opacity === "1") break;
      if (position === "absolute" || position === "fixed") layers.push(place.getAttribute("class"));
    }
    return layers.join(" / ");
  };

  // Contrast is asked of nothing that is disabled.
  const isOff = (node) => node.closest(":disabled, [aria-disabled=true], label:has(:disabled)") !== null;

  const textOf = (node) =>
    [...node.childNodes]
      .filter((child) => child.nodeType === Node.TEXT_NODE)
      .map((child) => child.data.trim())
      .join("");
  const mixed = new Map();
  for (const node of document.querySelectorAll("body *")) {
    const text = textOf(node) || node.placeholder || node.value;
    if (!(text && node.checkVisibility({ visibilityProperty: true }))) continue;
    const { color, fontSize, fontWeight, textShadow } = style(node);
    const mixture = [color, fontSize, fontWeight, textShadow, isOff(node), "on", ground(node)].join(" ");
    if (!mixed.has(mixture)) mixed.set(mixture, []);
    mixed.get(mixture).push({ node, length: String(text).length });
  }

  // Of a letter alone axe says nothing: the longest texts stand for the others.
  const longest = (texts) => texts.toSorted((one, other) => other.length - one.length).slice(0, 3);
  const mixtures = [...mixed.keys()].filter((mixture) => !known.includes(mixture));
  const nodes = mixtures.flatMap((mixture) => longest(mixed.get(mixture)).map(({ node }) => node));
  if (nodes.length === 0) return { mixtures, findings: [] };
  const { violations } = await window.axe.run(nodes, {
    runOnly: { type: "rule", values: ["color-contrast"] },
    resultTypes: ["violations"],
    selectors: false,
  });
  const findings = violations.flatMap((violation) =>
    violation.nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`),
  );
  return { mixtures, findings };
};
