/** Talking to the service: always the page's own origin, as whoever is signed in, in the reader's language. */

import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { type Problem, problemsOf } from "./problems";
import { language, text } from "./texts";

/** The folder this page lies in: the service may be below a path of its host. */
const FOLDER = location.pathname.replace(/[^/]*$/, "");
const ENDPOINT = `${FOLDER}graphql`;
const SESSION = `${FOLDER}session`;

/** As whom to ask: by a pasted token, otherwise by the session's cookie; narrowed to one grant where one is chosen. */
export interface Caller {
  token?: string | undefined;
  grant?: string | undefined;
}

export interface Provider {
  name: string;
  start: string;
}

/** The answer of a request, or what kept it from being given; never both. */
export type Outcome<T> = { data: T } | { problem: Problem };

/** An answer of the page itself, in the shape of the service's own. */
function failure(status: number, message: string): Response {
  return Response.json({ errors: [{ message, extensions: { code: "UNAVAILABLE" } }] }, { status });
}

/** `fetch` that never rejects and always answers JSON, so that a dead service or a proxy's error page reads well. */
async function ask(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init);
    if (response.status === 204 || /\bjson\b/.test(response.headers.get("Content-Type") ?? "")) return response;
    return failure(response.status, `${text.notJson} ${response.status}`);
  } catch {
    return failure(503, text.unreachable);
  }
}

/** `fetch` as a caller. A token goes without the cookie: the service refuses a request with two credentials. */
function askAs({ token, grant }: Caller): typeof fetch {
  const own: Record<string, string> = { "Accept-Language": language };
  if (token) own["Authorization"] = `Bearer ${token}`;
  if (grant) own["Jinlin-Grant"] = grant;
  return (input, init) => {
    const headers = new Headers(own);
    new Headers(init?.headers).forEach((value, name) => headers.set(name, value));
    return ask(input, { ...init, headers, credentials: token ? "omit" : "same-origin" });
  };
}

async function outcome<T>(response: Response, read: (body: unknown) => T): Promise<Outcome<T>> {
  if (response.status === 204) return { data: read({}) };
  const [problem] = await problemsOf(response);
  if (problem) return { problem };
  const body: unknown = await response.json();
  return response.ok ? { data: read(body) } : { problem: { code: "UNAVAILABLE", message: `HTTP ${response.status}` } };
}

/** The data of one query of the page's own. */
export async function query<T>(caller: Caller, document: string): Promise<Outcome<T>> {
  const response = await askAs(caller)(ENDPOINT, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json" },
    body: JSON.stringify({ query: document }),
  });
  return outcome(response, (body) => (body as { data: T }).data);
}

export interface Standing {
  signedIn: boolean;
  /** The password was made up by somebody else. */
  mustChangePassword: boolean;
  providers: Provider[];
}

/** Whether this browser is signed in, and who else can vouch for people here. */
export async function session(): Promise<Outcome<Standing>> {
  const response = await askAs({})(SESSION, { headers: { Accept: "application/json" } });
  return outcome(response, (body) => {
    const { signedIn, mustChangePassword = false, providers = [] } = body as Partial<Standing> & { signedIn: boolean };
    // A link must stay on this origin, whatever the answer says.
    return { signedIn, mustChangePassword, providers: providers.filter(({ start }) => /^\/(?!\/)/.test(start)) };
  });
}

/** Tell the service something about the session, as JSON; what kept it from being done. */
async function tell(method: string, path: string, said: object): Promise<Problem | undefined> {
  const response = await askAs({})(path, {
    method,
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(said),
  });
  const done = await outcome(response, () => undefined);
  return "problem" in done ? done.problem : undefined;
}

/** Begin a session: the cookie comes with the answer, and no script can read it. */
export function beginSession(login: string, password: string): Promise<Problem | undefined> {
  return tell("POST", SESSION, { login, password });
}

/** Another password for whoever is signed in; this session goes on, their others end. */
export function changePassword(current: string, next: string): Promise<Problem | undefined> {
  return tell("PUT", `${SESSION}/password`, { current, new: next });
}

/**
 * End the session, in the service too; or all sessions of the account. A session that was over already has ended as
 * well, but the others have not.
 */
export async function endSession(everywhere: boolean): Promise<Problem | undefined> {
  const path = everywhere ? `${SESSION}?everywhere=true` : SESSION;
  const response = await askAs({})(path, { method: "DELETE", headers: { Accept: "application/json" } });
  if (response.status === 401 && !everywhere) return undefined;
  const ended = await outcome(response, () => undefined);
  return "problem" in ended ? ended.problem : undefined;
}

/** Whether a request asks for the schema, as GraphiQL does by itself: beside whatever is run, and often for longer. */
function introspects(init?: RequestInit): boolean {
  return String(init?.body).includes('"operationName":"IntrospectionQuery"');
}

/**
 * What GraphiQL runs. Each answer's problems are told to `onAnswer`; of asking for the schema, only where there are any.
 * Subscriptions speak graphql-transport-ws at the same path; a browser cannot set headers on a WebSocket, so what
 * would be headers goes into `connection_init`; the session's cookie comes with the handshake.
 */
export function createFetcher(caller: Caller, onAnswer: (problems: Problem[]) => void): Fetcher {
  const send = askAs(caller);
  const parameters: Record<string, string> = {};
  if (caller.token) parameters["Authorization"] = `Bearer ${caller.token}`;
  if (caller.grant) parameters["Jinlin-Grant"] = caller.grant;
  return createGraphiQLFetcher({
    url: ENDPOINT,
    subscriptionUrl: `${location.origin.replace(/^http/, "ws")}${ENDPOINT}`,
    wsConnectionParams: parameters,
    enableIncrementalDelivery: false,
    fetch: async (input, init) => {
      const response = await send(input, init);
      const problems = await problemsOf(response);
      if (problems.length > 0 || !introspects(init)) onAnswer(problems);
      return response;
    },
  });
}
