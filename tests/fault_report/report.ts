/** The fault catalogue, which is the table of references/reliability.md, and what a JUnit report says of it. Pure. */

/** A row of the catalogue: its id, and what stands between it and the last column. */
const ROW = /^\| ([A-I]\d+) (.* \|) .*? \|$/gm;

/** All ids of the catalogue, in order. */
export const idsOf = (document: string): string[] =>
  Array.from(document.matchAll(ROW), ([, id]) => id!);

/** The document with how each fault was borne in the last column, and the summary above. */
export const withVerdicts = (
  document: string,
  verdicts: Map<string, string>,
  summary: string,
): string =>
  document.replace(/^Last run, .*\.$/m, `Last run, ${summary}.`)
    .replace(ROW, (_row, id, texts) => {
      const verdict = verdicts.get(id) ?? "not run";
      const told = verdict.replace(/^(failed|skipped):/, "**$1**:")
        .replaceAll("|", "\\|");
      return `| ${id} ${texts} ${told} |`;
    });

/** One test or step of a report; `failure` is the first line of what it said. */
interface TestCase {
  name: string;
  failure: string | null;
  skipped: boolean;
}

/** The tests and steps of a report as `deno test --junit-path` writes it. */
export function parseJunit(xml: string): TestCase[] {
  const cases = xml.matchAll(/<testcase ([^>]*)>([\s\S]*?)<\/testcase>/g);
  return Array.from(cases, ([, attributes, body]) => ({
    name: attribute(attributes!, "name") ?? "",
    failure: body!.includes("<failure")
      ? (attribute(body!, "message") ?? "no message").trim().split("\n")[0]!
      : null,
    skipped: body!.includes("<skipped"),
  }));
}

const ENTITIES: Record<string, string> = {
  ...{ lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" },
};

const attribute = (text: string, name: string): string | undefined =>
  text.match(new RegExp(`(?:^|\\s)${name}="([^"]*)"`))?.[1]
    ?.replace(/&(lt|gt|quot|apos|amp);/g, (_all, word) => ENTITIES[word]!);

/** What deno says of a test whose step failed; the step's own words tell more. */
const STEP_FAILED = /^\d+ test steps? failed/;

/**
 * `survived`, or `failed: why` or `skipped: why`: of all tests named after a fault each must
 * have passed. A fault that no test reports on has failed, too.
 */
export function verdictOn(id: string, cases: TestCase[]): string {
  const own = cases.filter(({ name }) => name.startsWith(`${id} `));
  const failures = own.flatMap(({ failure }) => failure ?? []);
  if (failures.length > 0) {
    const why = failures.find((line) => !STEP_FAILED.test(line));
    return `failed: ${why ?? failures[0]}`;
  }
  const skipped = own.find((test) => test.skipped);
  if (skipped) {
    const why = skipped.name.match(/ skipped: (.*)$/)?.[1];
    return why
      ? `skipped: ${why}`
      : "failed: a test was skipped without a reason";
  }
  return own.length > 0 ? "survived" : "failed: no test reported on it";
}
