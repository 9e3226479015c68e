// A session that has ended leads to the sign-in once somebody presses something. What a page asks for by itself takes
// nobody away from what they write or read: it says so, and where to sign in.
import { isGoingBack, isPressed } from "./deeds.js";
import { on } from "./events.js";
import { isSentToSignIn, keep } from "./keeping.js";

document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => {
  // The back button brings another notice.
  const notice = document.getElementById("signed-out");
  const isAsked = isSentToSignIn(ctx);
  // What is answered again was signed in for meanwhile, in another window.
  if (!isAsked) notice.hidden = true;
  if (!isAsked || isPressed(ctx) || isGoingBack(ctx)) return;
  notice.querySelector("a").href = ctx.hx.redirect;
  ctx.hx.redirect = undefined;
  ctx.swap = "none";
  notice.hidden = false;
});

on("click", "#signed-out a", () => keep([...document.forms]));
