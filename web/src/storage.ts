/** What GraphiQL may write to disk: tabs and history, so that work survives a reload, but no request headers. */

import type { Storage } from "@graphiql/toolkit";

/** Its history keeps the headers typed into a tab, and one of those may be a token: they are emptied on the way. */
function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (name, value) => (name === "headers" && value ? "" : value));
}

export const storage: Storage = {
  get length() {
    return localStorage.length;
  },
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, /:(queries|favorites)$/.test(key) ? withoutHeaders(value) : value),
  removeItem: (key) => localStorage.removeItem(key),
  clear: () => localStorage.clear(),
};
