/** Says where full-width punctuation stands, while it is typed, and replaces it with one click. */

import { useGraphiQL } from "@graphiql/react";
import { type ReactNode, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { halved } from "./punctuation";
import { text } from "./texts";

type Editor = NonNullable<Parameters<Parameters<typeof useGraphiQL>[0]>[0]["queryEditor"]>;

/** What an editor holds, as it is typed. */
function useContent(editor: Editor | undefined): string {
  const [content, setContent] = useState("");
  useEffect(() => {
    if (!editor) return;
    const read = () => setContent(editor.getValue());
    read();
    const listening = editor.onDidChangeModelContent(read);
    return () => listening.dispose();
  }, [editor]);
  return content;
}

function Hint({ editor, where }: { editor: Editor | undefined; where: string }): ReactNode {
  const { text: better, found } = halved(useContent(editor));
  if (!editor || found.length === 0) return null;
  const replace = () => {
    const range = editor.getModel()?.getFullModelRange();
    // As an edit, so that it can be undone.
    if (range) editor.executeEdits("punctuation", [{ range, text: better }]);
    editor.focus();
  };
  return (
    <p>
      {text.fullWidth.replace("{}", where).replace("{found}", found.join(" "))}{" "}
      <button type="button" onClick={replace}>
        {text.replaceAll}
      </button>
    </p>
  );
}

/** `into` is where it is shown: above the editors, although it belongs to them. */
export function Punctuation({ into }: { into: HTMLElement | null }): ReactNode {
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  const variableEditor = useGraphiQL((state) => state.variableEditor);
  const headerEditor = useGraphiQL((state) => state.headerEditor);
  if (!into) return null;
  return createPortal(
    <>
      <Hint editor={queryEditor} where={text.inQuery} />
      <Hint editor={variableEditor} where={text.inVariables} />
      <Hint editor={headerEditor} where={text.inHeaders} />
    </>,
    into,
  );
}
