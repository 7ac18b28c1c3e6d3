/** Editors for Chinese text: Monaco would frame every full-width colon as a letter that might deceive. */

import { useGraphiQL } from "@graphiql/react";
import { useEffect } from "react";

const OPTIONS = { unicodeHighlight: { ambiguousCharacters: false } };

export function Legible(): null {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const responseEditor = useGraphiQL((state) => state.responseEditor);
  useEffect(() => {
    for (const editor of [queryEditor, variableEditor, responseEditor]) editor?.updateOptions(OPTIONS);
  }, [queryEditor, variableEditor, responseEditor]);
  return null;
}
