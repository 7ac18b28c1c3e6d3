/** The card one signs in with: login and password, another provider, or a program's token. */

import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { type Problem, waiting } from "./problems";
import type { Session } from "./session";
import { text } from "./texts";

/** A form's fields and what the service last said; while it is asked, nothing can be sent twice. */
export function useAttempt(attempt: (fields: FormData) => Promise<Problem | undefined>) {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    const found = await attempt(new FormData(event.currentTarget));
    setProblem(found);
    setBusy(false);
  };
  return { problem, busy, submit };
}

export function SignIn({ session, notice }: { session: Session; notice?: string | undefined }): ReactNode {
  const card = useId();
  const password = useRef<HTMLInputElement>(null);
  const { problem, busy, submit } = useAttempt((fields) =>
    session.signIn(String(fields.get("username")), String(fields.get("password"))),
  );
  useEffect(() => {
    // Typed again from its beginning; the login is most likely right.
    if (problem) password.current?.select();
  }, [problem]);
  const said = problem ? `${problem.message} ${waiting(problem)}` : notice;
  return (
    <section className="card" aria-labelledby={card}>
      <h2 id={card}>{text.signIn}</h2>
      <p className="said" role="alert" id="said">
        {said}
      </p>
      {/* POST, although a script sends it: should that ever fail, no browser puts the password into an address. */}
      <form method="post" onSubmit={submit} aria-busy={busy}>
        <label htmlFor="username">{text.login}</label>
        <input
          id="username"
          name="username"
          required
          autoFocus
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          aria-describedby="said login-hint"
        />
        <p className="hint" id="login-hint">
          {text.loginHint}
        </p>
        <label htmlFor="password">{text.password}</label>
        <input
          ref={password}
          id="password"
          name="password"
          type="password"
          required
          autoComplete="current-password"
          maxLength={200}
          aria-describedby="said"
        />
        <button type="submit" className="primary" disabled={busy}>
          {busy ? text.signingIn : text.signIn}
        </button>
      </form>
      {session.providers.map(({ name, start }) => (
        <a key={start} className="provider" href={start}>
          {text.signInWith.replace("{}", name)}
        </a>
      ))}
      <TokenEntry session={session} />
    </section>
  );
}

/** Programs have no password. A token lives in this tab only and is sent instead of a session, never beside one. */
function TokenEntry({ session }: { session: Session }): ReactNode {
  const { problem, busy, submit } = useAttempt((fields) => session.useToken(String(fields.get("token"))));
  return (
    <details>
      <summary>{text.haveToken}</summary>
      <form method="post" onSubmit={submit} aria-busy={busy}>
        <label htmlFor="token">{text.token}</label>
        <input
          id="token"
          name="token"
          type="password"
          required
          autoComplete="off"
          spellCheck={false}
          placeholder="jl_…"
          aria-describedby="token-said"
        />
        <p className="said" role="alert" id="token-said">
          {problem && `${text.rejectedBecause} ${problem.message}`}
        </p>
        <button type="submit" disabled={busy}>
          {text.use}
        </button>
        <p className="hint">{text.tokenHint}</p>
      </form>
    </details>
  );
}
