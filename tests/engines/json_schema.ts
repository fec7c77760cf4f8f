/** As much of JSON Schema as codex's protocol needs: whether a value fits, and a value that does. */

/** A schema as it is written. */
export type Schema = boolean | { [keyword: string]: unknown };

/** One way to fit a schema, its references and choices resolved. */
export interface Shape {
  /** Names of types; null for any. */
  types: string[] | null;
  values: unknown[] | null;
  properties: Record<string, Schema>;
  required: string[];
  items: Schema | null;
  /** What further properties must be; null where none are named. */
  additional: Schema | null;
}

const ANYTHING: Shape = {
  types: null,
  values: null,
  properties: {},
  required: [],
  items: null,
  additional: null,
};

/** A document with definitions that its schemas refer to. */
export class SchemaBundle {
  constructor(private readonly document: Record<string, unknown>) {}

  /** The schema at a path such as `definitions/v2/Turn`. */
  at(path: string): Schema {
    const found = path.split("/").reduce<unknown>(
      (value, name) => (value as Record<string, unknown> | undefined)?.[name],
      this.document,
    );
    if (found === undefined) throw new Error(`The schema has no ${path}`);
    return found as Schema;
  }

  /** Every way to fit the schema. */
  shapes(schema: Schema): Shape[] {
    if (typeof schema === "boolean") return [ANYTHING];
    const own: Shape = {
      types: schema.type === undefined
        ? null
        : [schema.type].flat() as string[],
      values: (schema.enum as unknown[] | undefined) ??
        ("const" in schema ? [schema.const] : null),
      properties: (schema.properties ?? {}) as Record<string, Schema>,
      required: (schema.required ?? []) as string[],
      items: (schema.items ?? null) as Schema | null,
      additional: (schema.additionalProperties ?? null) as Schema | null,
    };
    let shapes = [own];
    const cross = (others: Shape[]) => {
      shapes = shapes.flatMap((one) => others.map((other) => both(one, other)));
    };
    if (typeof schema.$ref === "string") {
      cross(this.shapes(this.at(schema.$ref.replace(/^#\//, ""))));
    }
    for (const part of (schema.allOf ?? []) as Schema[]) {
      cross(this.shapes(part));
    }
    for (const choices of [schema.anyOf, schema.oneOf] as Schema[][]) {
      if (choices) cross(choices.flatMap((choice) => this.shapes(choice)));
    }
    return shapes;
  }

  /**
   * What is wrong with a value; empty when it fits. A property that the schema does not
   * name is wrong too: codex would pass over it in silence.
   */
  problems(schema: Schema, value: unknown, where = "$"): string[] {
    const tries = this.shapes(schema).map((shape) =>
      this.#misfits(shape, value, where)
    );
    return tries.toSorted((one, other) => one.length - other.length)[0] ?? [];
  }

  #misfits(shape: Shape, value: unknown, where: string): string[] {
    const { types, values, properties, required, items, additional } = shape;
    if (types && !types.some((type) => isOf(type, value))) {
      return [`${where} must be ${types.join(" or ")}, not ${show(value)}`];
    }
    if (values && !values.includes(value)) {
      return [`${where} must be one of ${show(values)}, not ${show(value)}`];
    }
    if (Array.isArray(value)) {
      return items === null
        ? []
        : value.flatMap((part, index) =>
          this.problems(items, part, `${where}[${index}]`)
        );
    }
    if (typeof value !== "object" || value === null) return [];
    const open = types === null || additional === true ||
      (Object.keys(properties).length === 0 && additional === null);
    return [
      ...required.filter((name) => !(name in value))
        .map((name) => `${where}.${name} is missing`),
      ...Object.entries(value).flatMap(([name, part]) => {
        const schema = properties[name] ??
          (typeof additional === "object" ? additional : null);
        if (schema !== null) {
          return this.problems(schema, part, `${where}.${name}`);
        }
        return open ? [] : [`${where}.${name} is not in the schema`];
      }),
    ];
  }

  /** Values that fit the schema, one for each shape: all properties, or the required ones alone. */
  samples(schema: Schema, { full }: { full: boolean }, depth = 0): unknown[] {
    return this.shapes(schema).map((shape) =>
      this.#sample(shape, full && depth < 6, depth)
    );
  }

  #sample(shape: Shape, full: boolean, depth: number): unknown {
    const { types, values, properties, required, items } = shape;
    if (values) return values[0];
    const one = (schema: Schema) =>
      this.samples(schema, { full }, depth + 1)[0];
    const names = full ? Object.keys(properties) : required;
    switch (types?.[0] ?? (names.length > 0 ? "object" : "null")) {
      case "string":
        return "x";
      case "integer":
      case "number":
        return 1;
      case "boolean":
        return true;
      case "array":
        return full && items !== null ? [one(items)] : [];
      case "object":
        return Object.fromEntries(
          names.map((name) => [name, one(properties[name] ?? true)]),
        );
      default:
        return null;
    }
  }
}

function both(one: Shape, other: Shape): Shape {
  return {
    types: one.types ?? other.types,
    values: one.values ?? other.values,
    properties: { ...one.properties, ...other.properties },
    required: [...one.required, ...other.required],
    items: one.items ?? other.items,
    additional: one.additional ?? other.additional,
  };
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null &&
        !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    default: {
      const name: string = typeof value;
      return name === type;
    }
  }
}

const show = (value: unknown): string => JSON.stringify(value);
