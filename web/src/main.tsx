/** The page: a header with the token, and GraphiQL with the examples in its tabs. */

import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./style.css";
import { GraphiQL } from "graphiql";
import { type ReactNode, useMemo } from "react";
import { createRoot } from "react-dom/client";
import { ExamplesMenu } from "./Examples";
import { examples } from "./examples";
import { translateGraphiQL } from "./graphiql.zh";
import { createFetcher, signedOutFetcher } from "./service";
import { storage } from "./storage";
import { TokenForm, TokenNotice, useSession } from "./Token";
import { language, switchLanguage, text } from "./texts";

function Page(): ReactNode {
  const session = useSession();
  const { token, status, reject } = session;
  // A new fetcher makes GraphiQL ask for the schema again, so each token shows its own documentation.
  const fetcher = useMemo(() => (token ? createFetcher(token, reject) : signedOutFetcher), [token, reject]);
  return (
    <>
      <header>
        <h1>
          近邻 <span>Jinlin</span> <small>{text.subtitle}</small>
        </h1>
        <TokenForm session={session} />
        <button type="button" className="language" lang={language === "zh" ? "en" : "zh-CN"} onClick={switchLanguage}>
          {text.otherLanguage}
        </button>
      </header>
      <TokenNotice status={status} />
      <main>
        <GraphiQL
          fetcher={fetcher}
          // A schema of `null` keeps GraphiQL from introspecting before there is a token the service accepts.
          {...(status.kind === "accepted" ? {} : { schema: null })}
          defaultTabs={examples}
          defaultEditorToolsVisibility="variables"
          storage={storage}
          showPersistHeadersSettings={false}
        >
          <GraphiQL.Logo>
            <ExamplesMenu />
          </GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}

document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
document.title = text.title;
if (language === "zh") translateGraphiQL();

const root = document.getElementById("page");
if (root) createRoot(root).render(<Page />);
