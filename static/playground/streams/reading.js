// Reading answers as they arrive: stay at the end while the reader is there, keep what they hold, count down.
import "./countdown.js";
import { followThread } from "./following.js";
import { keepHold } from "./hold.js";

const threads = document.querySelectorAll(".thread");

for (const thread of threads) {
  followThread(thread, thread.closest(".col, .run-thread")?.querySelector("[data-to-end-bar]"));
}
if (threads.length > 0) keepHold();
