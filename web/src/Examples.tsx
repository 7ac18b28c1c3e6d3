/** The menu beside the tabs that opens a ready operation, or all of them: in new tabs, so no work is overwritten. */

import { ChevronDownIcon, ToolbarMenu, UnStyledButton, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { Fragment, type ReactNode } from "react";
import { type Example, type ReadySet, tabsOf } from "./examples";
import { roleName } from "./roles";
import { text } from "./texts";

export function ExamplesMenu({ sets }: { sets: ReadySet[] }): ReactNode {
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
      {sets.map(({ grant, examples }) => (
        <Fragment key={grant.id}>
          <div className="examples-of">
            {roleName(grant.role)} · {grant.seatName}
          </div>
          {examples.map((example) => (
            <ToolbarMenu.Item key={example.name} onSelect={() => open(example)}>
              {example.title}
            </ToolbarMenu.Item>
          ))}
        </Fragment>
      ))}
      <ToolbarMenu.Item className="all-examples" onSelect={() => tabsOf(sets).forEach(open)}>
        {text.allExamples}
      </ToolbarMenu.Item>
    </ToolbarMenu>
  );
}
