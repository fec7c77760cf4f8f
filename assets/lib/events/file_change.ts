/** The files that a patch touches, as events and requests report them. */
import { type Check, each, has, mayHave } from "./shape.ts";

/** A file that a patch touches. */
export interface FileChange {
  path: string;
  kind: "add" | "delete" | "update";
  /** Where an update moves the file to. */
  move_path?: string;
  /** How many lines; absent where the engine does not say. */
  added?: number;
  removed?: number;
  /** The hunks of the file; only in a request, where somebody decides on them. */
  diff?: string;
  /** More hunks follow; `diff` prints them all. */
  diff_cut?: true;
}

const isChange = (change: unknown): boolean =>
  has("path", "kind")(change) && mayHave("move_path", "diff")(change);

/** `changes` is a list of them. */
export const hasChanges: Check = ({ changes }): boolean =>
  each(changes, isChange);
