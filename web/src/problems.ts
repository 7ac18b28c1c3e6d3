/** What went wrong, for reading: the service's errors and a command's `userErrors`, each with what to do about it. */

import CODES from "./codes.json";
import { language, text } from "./texts";

export interface Problem {
  code: string;
  /** In the reader's language: the service's own words, or the page's where there was no service to speak. */
  message: string;
  /** The field of the answer, the argument or the input it is about: `createCompound.input.name`. */
  where?: string;
  /** Where in the document, in words. */
  at?: string;
  /** Seconds to wait before trying again, where the service tells. */
  retryAfter?: number;
}

interface Answer {
  data?: Record<string, { userErrors?: UserError[] } | null> | null;
  errors?: ServiceError[];
}
interface ServiceError {
  message: string;
  locations?: { line: number; column: number }[];
  path?: (string | number)[];
  extensions?: { code?: string; argument?: string };
}
interface UserError {
  code?: string;
  message?: string;
  field?: string[];
}

/** What a code means and what to do about it; empty for a code this page does not know. */
export function advice(code: string): string {
  return (CODES as Record<string, Record<string, string>>)[code]?.[language] ?? "";
}

/** How long to wait before trying again; empty where nothing tells, or the message does already. */
export function waiting({ message, retryAfter }: Problem): string {
  return retryAfter && !message.includes(String(retryAfter)) ? text.retryAfter.replace("{}", String(retryAfter)) : "";
}

function stopped(error: ServiceError, wait: number): Problem {
  const { message, locations: [first] = [], path = [], extensions: { code = "", argument } = {} } = error;
  const where = [...path, argument ?? ""].filter((part) => part !== "").join(".");
  return {
    ...{ code, message },
    ...(where && { where }),
    ...(first && { at: text.at.replace("{line}", String(first.line)).replace("{column}", String(first.column)) }),
    ...(wait > 0 && { retryAfter: wait }),
  };
}

function toCorrect(field: string, error: UserError): Problem {
  return { code: error.code ?? "", message: error.message ?? "", where: [field, ...(error.field ?? [])].join(".") };
}

/** Every problem of an answer in JSON; of an answer that succeeded, none. The response can still be read afterwards. */
export async function problemsOf(response: Response): Promise<Problem[]> {
  const wait = Number(response.headers.get("Retry-After") ?? 0);
  const { errors = [], data }: Answer = await response.clone().json();
  const corrections = Object.entries(data ?? {}).flatMap(([field, payload]) =>
    // What was selected under this name need not be a command's list of them.
    (Array.isArray(payload?.userErrors) ? payload.userErrors : []).map((error) => toCorrect(field, error)),
  );
  return [...errors.map((error) => stopped(error, wait)), ...corrections];
}
