/** The example queries of the README, from `web/examples`: `NN-name.graphql`, with its variables in `NN-name.json`. */

import { language } from "./texts";

export interface Example {
  title: string;
  /** The name of its operation, which GraphiQL shows on the tab. */
  name: string;
  query: string;
  variables: string;
}

const QUERIES = import.meta.glob<string>("../examples/*.graphql", { query: "?raw", import: "default", eager: true });
const VARIABLES = import.meta.glob<string>("../examples/*.json", { query: "?raw", import: "default", eager: true });

/** The file's first line is its title in Chinese, the second in English. */
function title(query: string): string {
  const [chinese = "", english = ""] = query.split("\n");
  return (language === "zh" ? chinese : english).replace(/^#\s*/, "");
}

export const examples: Example[] = Object.keys(QUERIES)
  .sort()
  .map((path) => {
    const query = QUERIES[path] ?? "";
    const name = /^(?:query|mutation|subscription) (\w+)/m.exec(query)?.[1] ?? "";
    return { title: title(query), name, query, variables: VARIABLES[path.replace(/graphql$/, "json")] ?? "" };
  });
