/** What GraphiQL may write to disk: tabs and history, so that work survives a reload, but no request headers. */

import type { Storage } from "@graphiql/toolkit";

const GRAPHIQL = "graphiql";

/** Its history keeps the headers typed into a tab, and one of those may be a token: they are emptied on the way. */
function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (name, value) => (name === "headers" && value ? "" : value));
}

/** An account's own part of the browser's storage: at a shared machine nobody finds what another account has typed. */
export function storageOf(account: string): Storage {
  const own = (key: string) => `${account}:${key}`;
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(own(GRAPHIQL)));
  return {
    get length() {
      return keys().length;
    },
    getItem: (key) => localStorage.getItem(own(key)),
    setItem: (key, value) =>
      localStorage.setItem(own(key), /:(queries|favorites)$/.test(key) ? withoutHeaders(value) : value),
    removeItem: (key) => localStorage.removeItem(own(key)),
    clear: () => keys().forEach((key) => localStorage.removeItem(key)),
  };
}
