/** The access token: where it is kept, whether the service accepts it, and the part of the header that shows both. */

import { type ClipboardEvent, type FormEvent, type ReactNode, useCallback, useEffect, useState } from "react";
import { check, type Verdict } from "./service";
import { text } from "./texts";

// sessionStorage, not localStorage: the token opens whatever its owner may see, and the machines at a service window are
// shared. It survives a reload, is never seen by another tab, and is gone when this one is closed.
const STORED = "jinlin:token";

export type Status = Verdict | { kind: "absent" | "checking" };

export interface Session {
  token: string;
  status: Status;
  submit(token: string): void;
  clear(): void;
  reject(message: string): void;
}

/** Keeps the token of this tab and asks the service about it each time one is submitted, and once after a reload. */
export function useSession(): Session {
  // An object, so that submitting the same token again is a change and is checked again.
  const [submitted, setSubmitted] = useState(() => ({ token: sessionStorage.getItem(STORED) ?? "" }));
  const [status, setStatus] = useState<Status>({ kind: submitted.token ? "checking" : "absent" });

  const submit = useCallback((entered: string) => {
    const token = entered.trim().replace(/^Bearer\s+/i, "");
    sessionStorage.setItem(STORED, token);
    setSubmitted({ token });
    setStatus({ kind: token ? "checking" : "absent" });
  }, []);
  const reject = useCallback((message: string) => setStatus({ kind: "rejected", message }), []);

  useEffect(() => {
    if (!submitted.token) return;
    let current = true;
    check(submitted.token).then((verdict) => current && setStatus(verdict));
    return () => {
      current = false;
    };
  }, [submitted]);

  return { token: submitted.token, status, submit, clear: () => submit(""), reject };
}

/** The labelled input with its buttons and the verdict beside it. Enter submits, and so does pasting a token. */
export function TokenForm({ session }: { session: Session }): ReactNode {
  const [draft, setDraft] = useState(session.token);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    session.submit(draft);
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    event.preventDefault();
    const pasted = event.clipboardData.getData("text").trim();
    setDraft(pasted);
    session.submit(pasted);
  };
  const clear = () => {
    setDraft("");
    session.clear();
  };
  return (
    <form className="token" onSubmit={submit}>
      <label htmlFor="token">{text.token}</label>
      <input
        id="token"
        type="password"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder="jl_…"
        autoFocus={!session.token}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onPaste={paste}
        aria-invalid={session.status.kind === "rejected"}
        aria-describedby="token-status"
      />
      <button type="submit">{text.use}</button>
      <button type="button" onClick={clear} disabled={!draft && !session.token}>
        {text.clear}
      </button>
      <output id="token-status" className={`status ${session.status.kind}`}>
        {text[session.status.kind]}
      </output>
    </form>
  );
}

/** The line below the header while there is no accepted token: what to do, or what the service said. */
export function TokenNotice({ status }: { status: Status }): ReactNode {
  switch (status.kind) {
    case "absent":
      return (
        <div className="notice" role="note">
          <p>{text.welcome}</p>
          <p>
            {text.obtain} <code>.venv/bin/python server.py token --name NAME --role town_admin --at 350521100</code>
          </p>
        </div>
      );
    case "rejected":
    case "unavailable":
      return (
        <div className={`notice ${status.kind}`} role="alert">
          <p>
            {status.kind === "rejected" ? text.rejectedBecause : text.unavailableBecause} {status.message}
          </p>
        </div>
      );
    default:
      return null;
  }
}
