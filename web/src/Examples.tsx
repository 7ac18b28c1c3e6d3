/** The menu beside the tabs that opens an example, or all of them, again: in new tabs, so no work is overwritten. */

import { ChevronDownIcon, ToolbarMenu, UnStyledButton, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import type { ReactNode } from "react";
import { type Example, examples } from "./examples";
import { text } from "./texts";

export function ExamplesMenu(): ReactNode {
  const { addTab, setOperationName, updateActiveTabValues } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));
  const open = ({ name, query, variables }: Example) => {
    addTab();
    queryEditor?.setValue(query);
    variableEditor?.setValue(variables);
    // The editors report changes to their tab with a delay; opening several at once cannot wait for it.
    updateActiveTabValues({ query, variables });
    setOperationName(name);
  };
  const button = (
    <UnStyledButton type="button" className="examples">
      {text.examples} <ChevronDownIcon aria-hidden="true" />
    </UnStyledButton>
  );
  return (
    <ToolbarMenu button={button}>
      {examples.map((example) => (
        <ToolbarMenu.Item key={example.name} onSelect={() => open(example)}>
          {example.title}
        </ToolbarMenu.Item>
      ))}
      <ToolbarMenu.Item className="all-examples" onSelect={() => examples.forEach(open)}>
        {text.allExamples}
      </ToolbarMenu.Item>
    </ToolbarMenu>
  );
}
