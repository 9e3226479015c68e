// Runs before all other scripts: the one policy for text that becomes markup or the address of a script.
//
// Markup passes as it is. What htmx swaps was made by our templates, which escape, or sanitised by the server,
// and the page's rules let no script run that it would bring; Plotly writes labels that it has escaped itself. A
// sanitiser here would be a second opinion that drops htmx' own elements. Addresses of scripts pass where the script
// is one of ours. There is no way to make a script of text: `eval` and the like are refused.
(() => {
  if (!window.trustedTypes) return;
  const ours = new URL("..", document.currentScript.src).href;
  window.trustedTypes.createPolicy("default", {
    createHTML: (markup) => markup,
    createScriptURL: (address) => {
      const { href } = new URL(address, document.baseURI);
      return href.startsWith(ours) ? href : null;
    },
  });
})();
