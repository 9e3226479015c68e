// Reading answers as they arrive: stay at the end while the reader is there, keep what they hold, count down.
import "./countdown.js";
import { followThread } from "./following.js";
import { keepHold } from "./hold.js";

const thread = document.getElementById("thread");

if (thread) {
  followThread(thread);
  keepHold();
}
