/** From a JUnit report of `deno test` to one verdict for each fault. Pure. */

/** How a fault was borne. */
export type Verdict =
  | { kind: "survived"; seconds: number }
  | { kind: "failed"; why: string }
  | { kind: "skipped"; why: string };

/** One test or step of a report. */
export interface TestCase {
  name: string;
  seconds: number;
  /** First line of what it said when it failed. */
  failure: string | null;
  skipped: boolean;
}

/** The tests and steps of a report as `deno test --junit-path` writes it. */
export function parseJunit(xml: string): TestCase[] {
  const cases = xml.matchAll(/<testcase ([^>]*)>([\s\S]*?)<\/testcase>/g);
  return Array.from(cases, ([, attributes, body]) => ({
    name: attribute(attributes!, "name") ?? "",
    seconds: Number(attribute(attributes!, "time") ?? 0),
    failure: body!.includes("<failure")
      ? firstLine(attribute(body!, "message") ?? "no message")
      : null,
    skipped: body!.includes("<skipped"),
  }));
}

const attribute = (text: string, name: string): string | undefined => {
  const value = text.match(new RegExp(`(?:^|\\s)${name}="([^"]*)"`))?.[1];
  return value === undefined ? undefined : unescape(value);
};

const ENTITIES: Record<string, string> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

const unescape = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity]!);

const firstLine = (text: string): string =>
  text.split("\n").find((line) => line.trim() !== "")?.trim() ?? "";

/** What deno says of a test whose step failed; the step's own words tell more. */
const STEP_FAILED = /^\d+ test steps? failed/;

/**
 * The verdict on one fault: of all tests named after it, each must have passed. A fault
 * that no test reports on has failed, too.
 */
export function verdictOn(id: string, cases: TestCase[]): Verdict {
  const own = cases.filter(({ name }) => name.startsWith(`${id} `));
  const failures = own.flatMap(({ failure }) => failure ?? []);
  if (failures.length > 0) {
    const why = failures.find((line) => !STEP_FAILED.test(line)) ?? failures[0];
    return { kind: "failed", why: why! };
  }
  const skipped = own.find((test) => test.skipped);
  if (skipped) {
    const why = skipped.name.match(/ skipped: (.*)$/)?.[1];
    return why
      ? { kind: "skipped", why }
      : { kind: "failed", why: "a test was skipped without a reason" };
  }
  if (own.length === 0) {
    return { kind: "failed", why: "no test reported on it" };
  }
  const tests = own.filter(({ name }) => !name.includes(" > "));
  const seconds = tests.reduce((sum, test) => sum + test.seconds, 0);
  return { kind: "survived", seconds };
}

/** The line that is printed for a fault. */
export const verdictLine = (id: string, verdict: Verdict): string =>
  verdict.kind === "survived"
    ? `${id} survived`
    : `${id} ${verdict.kind}: ${verdict.why}`;
