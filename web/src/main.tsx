/** The page: who is signed in, and GraphiQL for them; or the card to sign in with. */

import "./style.css";
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { createRoot } from "react-dom/client";
import { translateGraphiQL } from "./graphiql.zh";
import { SignIn } from "./SignIn";
import { type Session, useSession } from "./session";
import { language, switchLanguage, text } from "./texts";
import { Who } from "./Who";

const workbench = import("./Workbench");
const Workbench = lazy(() => workbench);

function Header({ session }: { session: Session }): ReactNode {
  const { state } = session;
  return (
    <header>
      <h1>
        近邻 <span>Jinlin</span> <small>{text.subtitle}</small>
      </h1>
      {state.kind === "in" && (
        <Who
          session={session}
          viewer={state.viewer}
          token={state.token !== undefined}
          temporary={state.temporary === true}
          lost={state.lost}
        />
      )}
      <button type="button" className="language" lang={language === "zh" ? "en" : "zh-CN"} onClick={switchLanguage}>
        {text.otherLanguage}
      </button>
    </header>
  );
}

/** Over the workbench, which stays as it was but cannot be seen or reached until someone has signed in again. */
function SignInAgain({ session }: { session: Session }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-label={text.signIn} onCancel={(event) => event.preventDefault()}>
      <SignIn session={session} notice={text.ended} />
    </dialog>
  );
}

function Page(): ReactNode {
  const session = useSession();
  const { state } = session;
  return (
    <>
      <Header session={session} />
      <main>
        {state.kind === "asking" && <p className="asking">{text.asking}</p>}
        {state.kind === "out" && <SignIn session={session} notice={state.problem?.message} />}
        {state.kind === "in" && (
          <Suspense fallback={<p className="asking">{text.asking}</p>}>
            <Workbench
              viewer={state.viewer}
              caller={session.caller}
              grant={session.grant}
              ended={state.ended !== undefined}
              onEnd={session.end}
              onRefused={session.review}
            />
          </Suspense>
        )}
      </main>
      {state.kind === "in" && state.ended && <SignInAgain session={session} />}
    </>
  );
}

document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
document.title = text.title;
if (language === "zh") translateGraphiQL();

const root = document.getElementById("page");
if (root) createRoot(root).render(<Page />);
