/** Makes the shortcuts that GraphiQL advertises work off macOS, and in whatever language its labels are. */

import { isMacOs, KEY_MAP, KeyCode, KeyMod } from "@graphiql/react";

const { prettify, mergeFragments, copyQuery } = KEY_MAP;
/** What the tooltips call Ctrl is bound to the Windows key elsewhere than on macOS. */
const BOUND: [readonly number[], number][] = [
  [prettify.keybindings, KeyCode.KeyP],
  [mergeFragments.keybindings, KeyCode.KeyM],
  [copyQuery.keybindings, KeyCode.KeyC],
];

function searchDocumentation(): void {
  document.querySelector<HTMLElement>('.graphiql-sidebar button[data-index="0"]:not(.active)')?.click();
  requestAnimationFrame(() => document.querySelector<HTMLElement>(".documentation input")?.focus());
}

/** To be called before GraphiQL makes its editors. */
export function mendShortcuts(): void {
  if (!isMacOs) {
    for (const [keys, key] of BOUND) (keys as number[]).splice(0, 1, KeyMod.Shift | KeyMod.CtrlCmd | key);
  }
  addEventListener("keydown", (event) => {
    // GraphiQL reads the schema again, but lets the browser load the whole page again beside it.
    if (event.ctrlKey && event.key === "R") event.preventDefault();
    if (event.altKey && (isMacOs ? event.metaKey : event.ctrlKey) && event.code === "KeyK") searchDocumentation();
  });
}
