/**
 * Reads the URL that every path of a channel is appended to.
 * @throws TypeError when it is no http or https URL, or holds a user, a password, a query or a fragment; the text does not show it.
 */
export function parseBaseUrl(value: string): URL {
  const url = URL.parse(value);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new TypeError("a base URL must be an absolute http or https URL");
  if (url.username !== "" || url.password !== "") throw new TypeError("a base URL must not hold a user or a password");
  if (url.search !== "" || url.hash !== "") throw new TypeError("a base URL must not hold a query or a fragment");
  return url;
}

/**
 * Appends `path` to the base URL, whose own path stays in front: `https://h/base` and `api/x` give `https://h/base/api/x`.
 *
 * @throws TypeError for a whole URL, and for `.` and `..` segments: an id from outside must not lead to another call.
 */
export function joinPath(base: URL, path: string): URL {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(path)) throw new TypeError("a path was expected; a whole URL must pass checkRemoteUrl first");
  const [route = ""] = path.split(/[?#]/, 1);
  if (/(?:^|[\\/])(?:\.|%2e){1,2}(?:[\\/]|$)/i.test(route)) throw new TypeError("a path must not hold dot segments");
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`);
}

/** `url` with these parameters besides its own, each percent-encoded, a space as `%20`; undefined ones are left out. */
export function addQuery(url: URL, query: Readonly<Record<string, string | undefined>> = {}): URL {
  const added = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  if (added.length === 0) return url;
  const whole = new URL(url);
  whole.search = [...(url.search === "" ? [] : [url.search.slice(1)]), ...added].join("&");
  return whole;
}
