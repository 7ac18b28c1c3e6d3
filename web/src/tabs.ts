/**
 * GraphiQL calls each tab a "tab" in ARIA's sense and puts two buttons into it, which assistive technology may then not
 * find: it is a list of buttons, one of them current.
 */

function mend(tab: Element): void {
  const selected = tab.getAttribute("aria-selected");
  if (selected === null) return;
  tab.removeAttribute("role");
  tab.removeAttribute("aria-selected");
  tab.closest("[role=tablist]")?.removeAttribute("role");
  const button = tab.querySelector(".graphiql-tab-button");
  if (selected === "true") button?.setAttribute("aria-current", "true");
  else button?.removeAttribute("aria-current");
}

/** Mends the tabs there are and those that appear or change later. */
export function mendTabs(): void {
  new MutationObserver(() => document.querySelectorAll(".graphiql-tab[aria-selected]").forEach(mend)).observe(
    document.body,
    { subtree: true, childList: true, attributeFilter: ["aria-selected"] },
  );
}
