// What a browser remembers, by name. It may refuse, or have no room: then nothing is remembered.

/** Return what remembers values in one of the browser's storages; `open` returns that, or throws. */
export function storeOf(open) {
  /** Remember a value under a name; return whether that was done. */
  function remember(name, value) {
    try {
      open().setItem(name, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  /** Return what is remembered under a name, or null. */
  function remembered(name) {
    try {
      return JSON.parse(open().getItem(name));
    } catch {
      return null;
    }
  }

  /** Return the names under which something is remembered. */
  function names() {
    try {
      return Object.keys(open());
    } catch {
      return [];
    }
  }

  /** Forget all whose names are meant. */
  function forgetAll(isMeant) {
    for (const name of names().filter(isMeant)) open().removeItem(name);
  }

  /** Forget what is remembered under a name. */
  function forget(name) {
    forgetAll((each) => each === name);
  }

  return { remember, remembered, names, forget, forgetAll };
}
