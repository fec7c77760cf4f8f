/** The fault table of references/reliability.md. */
import { CATALOGUE } from "./catalogue.ts";
import type { Verdict } from "./verdicts.ts";

/** The catalogue as tables, one a letter, each row with how the fault was borne. */
export function faultTable(verdicts: Map<string, Verdict>): string {
  return CATALOGUE.map(({ title, faults }) => {
    const rows = faults.map(([id, ...texts]) =>
      row([id, ...texts, told(verdicts.get(id))])
    );
    const head = row(["", "fault", "what happens", "last run"]);
    return [`### ${title}`, "", head, row(Array(4).fill("---")), ...rows]
      .join("\n");
  }).join("\n\n");
}

const row = (cells: string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

const told = (verdict: Verdict | undefined): string => {
  if (!verdict) return "not run";
  return verdict.kind === "survived"
    ? "survived"
    : `**${verdict.kind}**: ${verdict.why}`;
};
