/**
 * Modules that are loaded only when they are needed. Deno loads everything behind an
 * `import("…")` with a literal path before it runs the first line; what `path`, relative to
 * the module `base`, leads to is loaded by the call.
 */
export const later = <Module>(path: string, base: string): Promise<Module> =>
  import(new URL(path, base).href);
