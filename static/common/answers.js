// Nothing but raxdash's own answers comes into a page. Proxies, and networks that want a sign-in, answer too, with
// pages of their own and often with 200. What raxdash says itself is marked (common/headers.py). It stands here, in
// front of everything, as htmx' streams ask again without telling anybody. Loaded before htmx.

/** An answer of somebody on the way. */
export class NotOurs extends Error {
  constructor(status) {
    super(`Answered on the way, with ${status}`);
    this.status = status;
  }
}

const ask = window.fetch.bind(window);

window.fetch = async (...request) => {
  const response = await ask(...request);
  if (response.headers.get("X-Answered-By") === "raxdash") return response;
  response.body?.cancel();
  throw new NotOurs(response.status);
};

/** Tell whether raxdash has answered a request of htmx, and not that it cannot at the moment. */
export function hasArrived({ response, status }) {
  return response !== undefined && response.status < 500 && !String(status).startsWith("error");
}

// An error of the server takes nobody's place, unless the answer itself says where it goes.
document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => {
  if (ctx.response.status >= 500 && !(ctx.hx.retarget || ctx.hx.reswap)) ctx.swap = "none";
});
