/**
 * As much of JSON Schema as lib/conformance/schema.ts uses, for the tests.
 *
 * Rule of this file: a word it does not know is an error, so that no part of a schema is passed over in silence.
 */
type Schema = { readonly [key: string]: unknown };

const WORDS = new Set(
  "$schema $defs $ref title type enum anyOf items minItems properties required additionalProperties pattern minLength minimum maximum".split(
    " ",
  ),
);

/** Where and why a value does not fit; empty when it does. */
export function misfits(
  value: unknown,
  schema: object,
  root: object = schema,
  where: string = "$",
): string[] {
  const rules = schema as Schema;
  for (const word of Object.keys(rules))
    if (!WORDS.has(word)) throw new Error(`unknown word ${word}`);
  if (typeof rules["$ref"] === "string") {
    const name = rules["$ref"].slice("#/$defs/".length);
    const target = ((root as Schema)["$defs"] as Schema)[name];
    if (target === undefined) throw new Error(`no definition ${name}`);
    return misfits(value, target as object, root, where);
  }
  if (Array.isArray(rules["enum"])) {
    return rules["enum"].includes(value)
      ? []
      : [`${where}: ${JSON.stringify(value)} is none of ${rules["enum"].join(", ")}`];
  }
  if (Array.isArray(rules["anyOf"])) {
    const tries = rules["anyOf"].map((one) => misfits(value, one as object, root, where));
    return tries.some((found) => found.length === 0)
      ? []
      : [`${where}: fits none of ${tries.length}`, ...tries.flat()];
  }
  if (!hasType(value, rules["type"])) return [`${where}: no ${String(rules["type"])}`];
  if (typeof value === "string") return stringMisfits(value, rules, where);
  if (typeof value === "number") {
    const min = rules["minimum"] as number | undefined;
    const max = rules["maximum"] as number | undefined;
    return value < (min ?? -Infinity) || value > (max ?? Infinity)
      ? [`${where}: ${value} is out of bounds`]
      : [];
  }
  if (Array.isArray(value)) {
    const few =
      value.length < ((rules["minItems"] as number | undefined) ?? 0) ? [`${where}: too few`] : [];
    return [
      ...few,
      ...value.flatMap((item, i) =>
        misfits(item, rules["items"] as object, root, `${where}[${i}]`),
      ),
    ];
  }
  return objectMisfits(value as Schema, rules, root, where);
}

function hasType(value: unknown, type: unknown): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "object")
    return typeof value === "object" && value !== null && !Array.isArray(value);
  return type === "integer" ? Number.isSafeInteger(value) : typeof value === type;
}

function stringMisfits(value: string, rules: Schema, where: string): string[] {
  if (value.length < ((rules["minLength"] as number | undefined) ?? 0)) return [`${where}: empty`];
  const pattern = rules["pattern"] as string | undefined;
  return pattern === undefined || new RegExp(pattern).test(value)
    ? []
    : [`${where}: ${value} has another form`];
}

function objectMisfits(value: Schema, rules: Schema, root: object, where: string): string[] {
  const properties = rules["properties"] as Readonly<Record<string, object>>;
  const missing = (rules["required"] as readonly string[])
    .filter((name) => !(name in value))
    .map((name) => `${where}: no ${name}`);
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const schema = properties[name];
    return schema === undefined
      ? [`${where}: ${name} is unknown`]
      : misfits(member, schema, root, `${where}.${name}`);
  });
  return [...missing, ...wrong];
}
