// What this browser remembers for all tabs, until somebody signs out.
import { storeOf } from "./stores.js";

export const browser = storeOf(() => localStorage);
