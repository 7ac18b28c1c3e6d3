/** GraphiQL's documentation, with a search that reads descriptions too; its own knows names only, which are English. */

import { DOC_EXPLORER_PLUGIN, DocExplorer, useDocExplorerActions } from "@graphiql/plugin-doc-explorer";
import { useGraphiQL } from "@graphiql/react";
import { type ReactNode, useDeferredValue, useMemo, useState } from "react";
import { type Found, search } from "./documentation";
import { text } from "./texts";

type Definition = NonNullable<Parameters<ReturnType<typeof useDocExplorerActions>["push"]>[0]["def"]>;

function Search(): ReactNode {
  const schema = useGraphiQL((state) => state.schema);
  const { push, reset } = useDocExplorerActions();
  const [looked, setLooked] = useState("");
  const deferred = useDeferredValue(looked);
  const found = useMemo(() => (schema ? search(schema, deferred) : []), [schema, deferred]);
  const show = ({ type, field }: Found) => {
    setLooked("");
    reset();
    push({ name: type.name, def: type });
    if (field) push({ name: field.name, def: field as Definition });
  };
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (found[0]) show(found[0]);
      }}
    >
      <input
        type="search"
        value={looked}
        onChange={(event) => setLooked(event.target.value)}
        aria-label={text.searchDocs}
        placeholder={text.searchDocs}
        autoComplete="off"
      />
      {deferred.trim() && (
        <ul>
          {found.map((each) => (
            <li key={each.name}>
              <button type="button" onClick={() => show(each)}>
                <code>{each.name}</code> {each.said}
              </button>
            </li>
          ))}
          {found.length === 0 && <li className="none">{text.nothingFound}</li>}
        </ul>
      )}
    </form>
  );
}

function Documentation(): ReactNode {
  return (
    <div className="documentation">
      <Search />
      <DocExplorer />
    </div>
  );
}

/** GraphiQL takes a plugin's own store only for the plugin it knows, so this one gets another content. */
export function searchDescriptions(): void {
  DOC_EXPLORER_PLUGIN.content = Documentation;
}
