/**
 * The ready operations of each role, from `web/examples`: `roles.json` says which and in what order, `NAME.graphql` is
 * the operation, `NAME.json` its variables. There `"=alias.field"` stands for a value of the reader's own: a field of
 * the first row of that alias in `own.json`; `"=today"` is today's date where the counties are, `"=year"` its
 * year, `"=newYear"` the first day of that, and `"=+28 10:00"` ten o'clock there so many days from today.
 */

import OWN from "../examples/own.json";
import ROLES from "../examples/roles.json";
import { type Caller, query } from "./service";
import type { Grant } from "./session";
import { language } from "./texts";

export interface Example {
  title: string;
  /** The name of its operation, which GraphiQL shows on the tab. */
  name: string;
  query: string;
  variables: string;
}

/** What can be run in one role, with the values of the grant's own seat. */
export interface ReadySet {
  grant: Grant;
  examples: Example[];
}

type Row = Record<string, unknown>;
type Rows = Record<string, Row | undefined>;

const QUERIES = import.meta.glob<string>("../examples/*.graphql", { query: "?raw", import: "default", eager: true });
const VARIABLES = import.meta.glob<string>("../examples/*.json", { query: "?raw", import: "default", eager: true });
const OWN_VALUE = /^=(\w+)\.(\w+)$/;
const LATER = /^=\+(\d+) (\d\d:\d\d)$/;

/** The file's first line is its title in Chinese, the second in English. */
function title(document: string): string {
  const [chinese = "", english = ""] = document.split("\n");
  return (language === "zh" ? chinese : english).replace(/^#\s*/, "");
}

function templateOf(name: string): unknown {
  return JSON.parse(VARIABLES[`../examples/${name}.json`] ?? "null");
}

/** What `use` gives for every text within a JSON value, in its place. */
function replaced(value: unknown, use: (text: string) => unknown): unknown {
  if (typeof value === "string") return use(value);
  if (Array.isArray(value)) return value.map((each) => replaced(each, use));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each, use)]));
}

/** The reader's first row of each kind that the variables of these examples name, in one query. */
async function ownRows(names: string[], caller: Caller): Promise<Rows> {
  const aliases = new Set<string>();
  replaced(names.map(templateOf), (text) => aliases.add(OWN_VALUE.exec(text)?.[1] ?? ""));
  const parts = Object.entries(OWN).filter(([alias]) => aliases.has(alias));
  if (parts.length === 0) return {};
  const document = `query Own { ${parts.map(([alias, part]) => `${alias}: ${part}`).join(" ")} }`;
  const found = await query<Record<string, { nodes: Row[] }>>(caller, document);
  // An operation that is not filled in can still be read and completed by hand.
  if ("problem" in found) return {};
  return Object.fromEntries(Object.entries(found.data).map(([alias, { nodes }]) => [alias, nodes[0]]));
}

function today(): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(new Date());
}

/** A time of the counties' clock so many days from today; they have no daylight saving time. */
function later(days: string, clock: string): string {
  const day = new Date(`${today()}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + Number(days));
  return `${day.toISOString().slice(0, 10)}T${clock}:00+08:00`;
}

/** An example with the reader's own values; null for what the reader does not have. */
function filled(name: string, rows: Rows): Example {
  const document = QUERIES[`../examples/${name}.graphql`] ?? "";
  const template = templateOf(name);
  const variables = replaced(template, (text) => {
    if (text === "=today") return today();
    if (text === "=year") return Number(today().slice(0, 4));
    if (text === "=newYear") return `${today().slice(0, 4)}-01-01`;
    const [, days, clock] = LATER.exec(text) ?? [];
    if (days && clock) return later(days, clock);
    const [, alias = "", field = ""] = OWN_VALUE.exec(text) ?? [];
    return alias ? (rows[alias]?.[field] ?? null) : text;
  });
  return {
    title: title(document),
    name: /^(?:query|mutation|subscription) (\w+)/m.exec(document)?.[1] ?? "",
    query: document,
    variables: template === null ? "" : JSON.stringify(variables, null, 2),
  };
}

/** The ready operations of each role among `grants`, filled in under the first grant of that role. */
export async function readySets(grants: readonly Grant[], caller: Caller): Promise<ReadySet[]> {
  const roles: Record<string, string[]> = ROLES;
  const firsts = grants.filter(({ role }, index) => grants.findIndex((each) => each.role === role) === index);
  return Promise.all(
    firsts.map(async (grant) => {
      const names = roles[grant.role] ?? [];
      const rows = await ownRows(names, { ...caller, grant: grant.id });
      return { grant, examples: names.map((name) => filled(name, rows)) };
    }),
  );
}

/** All of them in order, those of several roles once. */
export function tabsOf(sets: readonly ReadySet[]): Example[] {
  const found = new Map<string, Example>();
  for (const example of sets.flatMap((set) => set.examples)) {
    if (!found.has(example.name)) found.set(example.name, example);
  }
  return [...found.values()];
}
