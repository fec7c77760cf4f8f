/** File URLs to paths, for the hot path: `@std/path` costs as much as starting Deno does. */
export function fromFileUrl(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return Deno.build.os === "windows" ? path.slice(1) : path;
}
