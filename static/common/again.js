// What must arrive in the end is tried again: soon at first, then every quarter of a minute, and when the line is back.

const FIRST_MS = 1000;
const LONGEST_MS = 15_000;
const waiting = new Map();

/** Carry `act` out after a while, a longer one each time; of one name the last `act` counts. */
export function tryLater(name, act) {
  const { attempts = 0, timer } = waiting.get(name) ?? {};
  clearTimeout(timer);
  // Not all pages at once, when a server is back.
  const pause = Math.min(FIRST_MS * 2 ** attempts, LONGEST_MS) * (0.75 + Math.random() / 2);
  waiting.set(name, { act, attempts: attempts + 1, timer: setTimeout(act, pause) });
}

/** Try it no more. */
export function leaveOff(name) {
  clearTimeout(waiting.get(name)?.timer);
  waiting.delete(name);
}

window.addEventListener("online", () => {
  for (const { act, timer } of waiting.values()) {
    clearTimeout(timer);
    act();
  }
});
