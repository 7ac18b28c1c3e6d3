// Prints the result of every GraphQL over HTTP audit as one line of JSON: {id, name, status, reason}.
// Usage: node audit.mjs URL, the bearer token in the environment as TOKEN.
import { auditServer } from 'graphql-http';

const [url] = process.argv.slice(2);

const fetchFn = (input, init = {}) =>
  fetch(input, { ...init, headers: { ...init.headers, authorization: `Bearer ${process.env.TOKEN}` } });

for (const { id, name, status, reason } of await auditServer({ url, fetchFn })) {
  console.log(JSON.stringify({ id, name, status, reason }));
}
