/**
 * What the workbench may keep so that work survives a reload: tabs, variables and history, but no request headers.
 * In this tab's `sessionStorage`, so that closing the tab is enough to leave; whoever leaves otherwise takes it along.
 */

import type { Storage } from "@graphiql/toolkit";

const GRAPHIQL = "graphiql";
const WORK = "jinlin:work:";
/** Whose work it is: the id of an account. */
const OWNER = "jinlin:owner";

let forgotten = false;

function kept(prefix: string): string[] {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(prefix));
}

/** Its history keeps the headers typed into a tab, and one of those may be a token: they are emptied on the way. */
function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (name, value) => (name === "headers" && value ? "" : value));
}

/** Where GraphiQL keeps the work of whoever owns this tab. */
export const workStorage: Storage = {
  get length() {
    return kept(WORK + GRAPHIQL).length;
  },
  getItem: (key) => sessionStorage.getItem(WORK + key),
  setItem: (key, value) => {
    // GraphiQL stores with a delay, so the last of somebody's work may arrive after they have left.
    if (forgotten) return;
    sessionStorage.setItem(WORK + key, /:(queries|favorites)$/.test(key) ? withoutHeaders(value) : value);
  },
  removeItem: (key) => sessionStorage.removeItem(WORK + key),
  clear: () => kept(WORK + GRAPHIQL).forEach((key) => sessionStorage.removeItem(key)),
};

/** Whose work is kept in this tab, if anyone's. */
export function owner(): string | undefined {
  return sessionStorage.getItem(OWNER) ?? undefined;
}

/** From now on what is kept in this tab is this account's. */
export function own(account: string): void {
  forgotten = false;
  sessionStorage.setItem(OWNER, account);
}

/** Nothing of the owner's is kept any longer, nor will be until somebody owns this tab again. */
export function forget(): void {
  forgotten = true;
  for (const key of [OWNER, ...kept(WORK)]) sessionStorage.removeItem(key);
}
