// What this tab remembers, until it is closed.
import { storeOf } from "./stores.js";

export const tab = storeOf(() => sessionStorage);
export const { remember, remembered, forget } = tab;
