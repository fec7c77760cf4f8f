/** The smallest images that codex takes, one of each format. */

const IMAGES = {
  png:
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  jpeg:
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==",
  gif: "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
  webp: "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==",
};

export type ImageFormat = keyof typeof IMAGES;

/** An image of one pixel. */
export const imageOf = (format: ImageFormat): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(
    atob(IMAGES[format]),
    (character) => character.charCodeAt(0),
  );

/** The same as a `data:` URL. */
export const imageUrl = (format: ImageFormat): string =>
  `data:image/${format};base64,${IMAGES[format]}`;
