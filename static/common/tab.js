// What this tab remembers, until it is closed. A browser may refuse, or have no room: then nothing is remembered.

/** Remember a value under a name. */
export function remember(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // It is lost with the page.
  }
}

/** Return what is remembered under a name, or null. */
export function remembered(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {
    return null;
  }
}

/** Forget what is remembered under a name. */
export function forget(name) {
  forgetAll((each) => each === name);
}

/** Forget all whose names are meant. */
export function forgetAll(isMeant) {
  try {
    for (const name of Object.keys(sessionStorage).filter(isMeant)) sessionStorage.removeItem(name);
  } catch {
    // Nothing was remembered.
  }
}
