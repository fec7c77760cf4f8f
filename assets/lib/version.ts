/** The version of this library; SKILL.md and the README carry the same. */
export const VERSION = "1.0.0";
/** The version of every JSON document that the commands print and the turn directory holds. */
export const SCHEMA_VERSION = 1;
