/** Who is signed in on this tab: by the session's cookie, which only the service can read, or by a pasted token. */

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Problem } from "./problems";
import { beginSession, type Caller, changePassword, endSession, type Outcome, type Provider, query, session } from "./service";
import { forget, own, owner } from "./storage";
import { text } from "./texts";

// sessionStorage, not localStorage: the token opens whatever its owner may see, and the machines at a service window are
// shared. It survives a reload, is never seen by another tab, and is gone when this one is closed.
const TOKEN = "jinlin:token";
const GRANT = "jinlin:grant";
/** Tabs of one browser share the cookie: whoever signs in or out in one does so in all. */
const CHANNEL = "jinlin:session";

export interface Grant {
  id: string;
  role: string;
  seatName: string;
}

export interface Viewer {
  name: string;
  account: { id: string };
  grants: Grant[];
}

/** `ended`: the credential no longer stands, but what was typed does. */
export type State =
  | { kind: "asking" }
  | { kind: "out"; problem?: Problem | undefined }
  | {
      kind: "in";
      viewer: Viewer;
      token?: string | undefined;
      ended?: Problem | undefined;
      /** The password was made up by somebody else, and is to be changed. */
      temporary?: boolean;
      /** The grant that was chosen and is held no longer: requests are narrowed to none since. */
      lost?: Grant | undefined;
    };

export interface Session {
  state: State;
  providers: Provider[];
  caller: Caller;
  /** The grant every request is narrowed to; undefined is all of them. */
  grant: Grant | undefined;
  choose(grant: string | undefined): void;
  signIn(login: string, password: string): Promise<Problem | undefined>;
  useToken(token: string): Promise<Problem | undefined>;
  changePassword(current: string, next: string): Promise<Problem | undefined>;
  signOut(everywhere: boolean): Promise<Problem | undefined>;
  end(problem: Problem): void;
  /** Ask again what is granted: a refusal may come of a grant that was revoked. */
  review(): Promise<void>;
}

const VIEWER = "query Viewer { viewer { name account { id } grants { id role seatName } } }";

async function viewer(token?: string): Promise<Outcome<Viewer>> {
  // Anything else could not be sent in a header at all: fetch would throw.
  if (token && !/^[\x21-\x7e]+$/.test(token)) return { problem: { code: "", message: text.malformed } };
  const asked = await query<{ viewer: Viewer }>({ token }, VIEWER);
  return "data" in asked ? { data: asked.data.viewer } : asked;
}

function ids({ grants }: Viewer): string {
  return grants.map(({ id }) => id).join();
}

/** Somebody signed in, as they turn out to be; who holds what they held stays as they were, and nothing is drawn anew. */
function reviewed(now: State, viewer: Viewer): State {
  if (now.kind !== "in" || now.viewer.account.id !== viewer.account.id || ids(now.viewer) === ids(viewer)) return now;
  const chosen = now.viewer.grants.find(({ id }) => id === sessionStorage.getItem(GRANT));
  return { ...now, viewer, lost: viewer.grants.some(({ id }) => id === chosen?.id) ? undefined : chosen };
}

/** Whether nobody is signed in; a service that could not say so has not. */
function nobody(state: State): boolean {
  return state.kind === "out" && (!state.problem || state.problem.code === "UNAUTHENTICATED");
}

/** Asks the service who is signed in, when the page opens and whenever that may have changed. */
export function useSession(): Session {
  const [state, setState] = useState<State>({ kind: "asking" });
  const [providers, setProviders] = useState<Provider[]>([]);
  const [chosen, setChosen] = useState(() => sessionStorage.getItem(GRANT) ?? undefined);
  const turn = useRef(0);
  /** Somebody's work has been on this page. */
  const shown = useRef(false);
  const channel = useMemo(() => new BroadcastChannel(CHANNEL), []);

  /**
   * Whoever leaves takes everything along: what this tab kept of theirs, and, by loading the page anew, what stands in
   * its editors and its memory.
   */
  const become = useCallback((found: State) => {
    turn.current++;
    const next = found.kind === "in" ? found.viewer.account.id : undefined;
    const left = owner() !== undefined && (next ? next !== owner() : nobody(found));
    if (left) {
      forget();
      sessionStorage.removeItem(GRANT);
      setChosen(undefined);
      if (shown.current) {
        setState({ kind: "asking" });
        return location.reload();
      }
    }
    if (next) own(next);
    shown.current ||= next !== undefined;
    setState(found);
  }, []);

  /** Only the newest question may answer: a slow one must not bring back who has signed out since. */
  const settle = useCallback(
    async (asking: Promise<State>) => {
      const mine = ++turn.current;
      const found = await asking;
      if (mine === turn.current) become(found);
    },
    [become],
  );

  const recall = useCallback(async (): Promise<State> => {
    const token = sessionStorage.getItem(TOKEN) ?? undefined;
    const asked = await session();
    if ("data" in asked) setProviders(asked.data.providers);
    if (!token && "problem" in asked) return { kind: "out", problem: asked.problem };
    if (!token && "data" in asked && !asked.data.signedIn) return { kind: "out" };
    const found = await viewer(token);
    if ("problem" in found) return { kind: "out", problem: found.problem };
    const temporary = !token && "data" in asked && asked.data.mustChangePassword;
    return { kind: "in", viewer: found.data, token, temporary };
  }, []);

  const leave = useCallback(() => {
    sessionStorage.removeItem(TOKEN);
    become({ kind: "out" });
  }, [become]);

  useEffect(() => {
    const again = () => void settle(recall());
    // A page that the back button brings back as it was may show what its reader may no longer see.
    const back = (event: PageTransitionEvent) => event.persisted && location.reload();
    again();
    channel.onmessage = ({ data }) => {
      if (sessionStorage.getItem(TOKEN)) return;
      if (data === "out") leave();
      else again();
    };
    addEventListener("pageshow", back);
    return () => removeEventListener("pageshow", back);
  }, [channel, leave, recall, settle]);

  const signIn = async (login: string, password: string) => {
    const refused = await beginSession(login, password);
    if (refused) return refused;
    sessionStorage.removeItem(TOKEN);
    channel.postMessage("in");
    await settle(recall());
    return undefined;
  };

  const renew = async (current: string, next: string) => {
    const refused = await changePassword(current, next);
    if (refused) return refused;
    setState((now) => (now.kind === "in" ? { ...now, temporary: false } : now));
    channel.postMessage("in");
    return undefined;
  };

  const useToken = async (entered: string) => {
    const token = entered.trim().replace(/^Bearer\s+/i, "");
    const found = await viewer(token);
    if ("problem" in found) return found.problem;
    sessionStorage.setItem(TOKEN, token);
    become({ kind: "in", viewer: found.data, token });
    return undefined;
  };

  const end = useCallback((problem: Problem) => {
    sessionStorage.removeItem(TOKEN);
    setState((now) => (now.kind === "in" ? { ...now, ended: problem } : now));
  }, []);

  const signOut = async (everywhere: boolean) => {
    if (state.kind === "in" && !state.token) {
      const refused = await endSession(everywhere);
      if (refused?.code === "UNAUTHENTICATED") end(refused);
      if (refused) return refused;
      channel.postMessage("out");
    }
    leave();
    return undefined;
  };

  const review = useCallback(async () => {
    const mine = turn.current;
    const found = await viewer(sessionStorage.getItem(TOKEN) ?? undefined);
    if (mine !== turn.current || "problem" in found) return;
    setState((now) => reviewed(now, found.data));
  }, []);

  const choose = (grant: string | undefined) => {
    setState((now) => (now.kind === "in" ? { ...now, lost: undefined } : now));
    if (grant) sessionStorage.setItem(GRANT, grant);
    else sessionStorage.removeItem(GRANT);
    setChosen(grant);
  };

  const token = state.kind === "in" ? state.token : undefined;
  const grant = state.kind === "in" ? state.viewer.grants.find(({ id }) => id === chosen) : undefined;
  const held = state.kind === "in" ? ids(state.viewer) : "";
  // Other grants are another schema, also where requests are narrowed to none of them.
  const caller = useMemo(() => ({ token, grant: grant?.id }), [token, grant?.id, held]);
  return { state, providers, caller, grant, choose, signIn, useToken, changePassword: renew, signOut, end, review };
}
