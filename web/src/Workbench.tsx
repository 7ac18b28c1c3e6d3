/** GraphiQL for who is signed in: their schema, their ready operations, their tabs. Loaded while one signs in. */

import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { searchDescriptions } from "./Documentation";
import { ExamplesMenu } from "./Examples";
import { type ReadySet, readySets, tabsOf } from "./examples";
import { Legible } from "./Legible";
import { Problems } from "./Problems";
import { Punctuation } from "./Punctuation";
import type { Problem } from "./problems";
import { type Caller, createFetcher } from "./service";
import type { Grant, Viewer } from "./session";
import { mendShortcuts } from "./shortcuts";
import { workStorage } from "./storage";
import { mendTabs } from "./tabs";

const PLUGINS = [explorerPlugin({ showAttribution: false }), HISTORY_PLUGIN];

mendShortcuts();
searchDescriptions();
mendTabs();

interface Props {
  viewer: Viewer;
  caller: Caller;
  grant: Grant | undefined;
  /** The credential stands no longer: nothing is asked until another does. */
  ended: boolean;
  onEnd: (problem: Problem) => void;
  /** Something was refused or not found, which may come of a grant that was revoked. */
  onRefused: () => void;
}

const REFUSALS = ["FORBIDDEN", "NOT_FOUND"];

export default function Workbench({ viewer, caller, grant, ended, onEnd, onRefused }: Props): ReactNode {
  const [problems, setProblems] = useState<Problem[]>([]);
  const [hints, setHints] = useState<HTMLElement | null>(null);
  const [sets, setSets] = useState<ReadySet[]>();
  // A new fetcher makes GraphiQL ask for the schema again, so each caller and each grant has its own documentation.
  const fetcher = useMemo(
    () =>
      createFetcher(caller, (found) => {
        setProblems(found);
        const over = found.find(({ code }) => code === "UNAUTHENTICATED");
        if (over) onEnd(over);
        else if (found.some(({ code }) => REFUSALS.includes(code))) onRefused();
      }),
    [caller, onEnd, onRefused],
  );
  useEffect(() => {
    let current = true;
    setProblems([]);
    if (!ended) readySets(grant ? [grant] : viewer.grants, caller).then((found) => current && setSets(found));
    return () => {
      current = false;
    };
  }, [viewer.grants, caller, grant, ended]);

  if (!sets) return null;
  return (
    <>
      <Problems problems={problems} onClose={() => setProblems([])} />
      <div className="hints" ref={setHints} aria-live="polite" />
      <div className="workbench">
        <GraphiQL
          fetcher={fetcher}
          plugins={PLUGINS}
          defaultTabs={tabsOf(sets)}
          defaultEditorToolsVisibility="variables"
          storage={workStorage}
          showPersistHeadersSettings={false}
        >
          <GraphiQL.Logo>
            <Legible />
            <Punctuation into={hints} />
            <ExamplesMenu sets={sets} />
          </GraphiQL.Logo>
        </GraphiQL>
      </div>
    </>
  );
}
