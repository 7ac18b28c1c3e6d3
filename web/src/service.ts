/** Talking to the service: always the page's own origin, always with the bearer token. */

import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { language, text } from "./texts";

const ENDPOINT = "/graphql";

/** What the service thinks of a token; `message` is the service's own, or says why it could not be asked. */
export type Verdict = { kind: "accepted" } | { kind: "rejected" | "unavailable"; message: string };

/** An answer of the page itself, in the shape of the service's own. */
function failure(status: number, code: string, message: string): Response {
  return Response.json({ errors: [{ message, extensions: { code } }] }, { status });
}

/** `fetch` with the token. Never rejects and always answers JSON, so a dead service or a proxy's error page reads well. */
function authorizedFetch(token: string): typeof fetch {
  return async (input, init) => {
    const headers = new Headers({ Authorization: `Bearer ${token}`, "Accept-Language": language });
    new Headers(init?.headers).forEach((value, name) => headers.set(name, value));
    try {
      const response = await fetch(input, { ...init, headers });
      if (/\bjson\b/.test(response.headers.get("Content-Type") ?? "")) return response;
      return failure(response.status, "UNAVAILABLE", `${text.notJson} ${response.status}`);
    } catch {
      return failure(503, "UNAVAILABLE", text.unreachable);
    }
  };
}

async function firstMessage(response: Response): Promise<string> {
  const body: { errors?: { message: string }[] } = await response.clone().json();
  return body.errors?.[0]?.message ?? `HTTP ${response.status}`;
}

/** Asks the service for `{ __typename }`, the smallest question that needs a valid token. */
export async function check(token: string): Promise<Verdict> {
  // Anything else could not be sent in a header at all: fetch would throw.
  if (!/^[\x21-\x7e]+$/.test(token)) return { kind: "rejected", message: text.malformed };
  const response = await authorizedFetch(token)(ENDPOINT, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json" },
    body: JSON.stringify({ query: "{ __typename }" }),
  });
  if (response.ok) return { kind: "accepted" };
  const kind = response.status === 401 || response.status === 403 ? "rejected" : "unavailable";
  return { kind, message: await firstMessage(response) };
}

/** What GraphiQL runs without a token: the service's 401 said kindly, and no request made to hear it. */
export const signedOutFetcher: Fetcher = () => failure(401, "UNAUTHENTICATED", text.runWithoutToken).json();

/**
 * What GraphiQL runs with a token. A 401 later on (expired, revoked) is told to `onRejected`.
 * Subscriptions speak graphql-transport-ws at the same path; a browser cannot set headers on a WebSocket,
 * so the token goes into `connection_init` as `{"Authorization": "Bearer ..."}`.
 */
export function createFetcher(token: string, onRejected: (message: string) => void): Fetcher {
  const send = authorizedFetch(token);
  return createGraphiQLFetcher({
    url: ENDPOINT,
    subscriptionUrl: `${location.origin.replace(/^http/, "ws")}${ENDPOINT}`,
    wsConnectionParams: { Authorization: `Bearer ${token}` },
    enableIncrementalDelivery: false,
    fetch: async (input, init) => {
      const response = await send(input, init);
      if (response.status === 401) onRejected(await firstMessage(response));
      return response;
    },
  });
}
