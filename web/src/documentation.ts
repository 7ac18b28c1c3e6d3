/** Searching the schema by name or by description, in whichever of its two languages. */

import { type GraphQLNamedType, type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from "graphql";
import { language } from "./texts";

type Member = { name: string; description?: string | null | undefined };

export interface Found {
  type: GraphQLNamedType;
  /** A field of it; none where the type itself, or a value of an enum, was found. */
  field?: Member | undefined;
  name: string;
  /** What is written about it, in the reader's language. */
  said: string;
}

const MOST = 60;

/** Descriptions are "Chinese / English". */
function within(description: string): string {
  const [chinese = "", ...english] = description.split(" / ");
  return language === "zh" || english.length === 0 ? chinese : english.join(" / ");
}

function members(type: GraphQLNamedType): { fields: Member[]; values: readonly Member[] } {
  const fields = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
  return { fields: fields ? Object.values(type.getFields()) : [], values: isEnumType(type) ? type.getValues() : [] };
}

/** Everything in the schema; names that contain what is looked for come before descriptions that do. */
export function search(schema: GraphQLSchema, looked: string): Found[] {
  const words = looked.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const named: Found[] = [];
  const described: Found[] = [];
  const consider = (type: GraphQLNamedType, of: Member, name: string, field?: Member) => {
    const has = (text: string) => words.every((word) => text.toLowerCase().includes(word));
    const description = of.description ?? "";
    if (!has(`${name} ${description}`)) return;
    (has(of.name) ? named : described).push({ type, field, name, said: within(description) });
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__")) continue;
    consider(type, type, type.name);
    const { fields, values } = members(type);
    for (const field of fields) consider(type, field, `${type.name}.${field.name}`, field);
    for (const value of values) consider(type, value, `${type.name}.${value.name}`);
  }
  return [...named, ...described].slice(0, MOST);
}
