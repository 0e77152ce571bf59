/** Shorter values would also hit ordinary words. */
const MIN_SECRET_CHARS = 6;
const MAX_OBTAINED_COUNT = 1_000;
const MASK = "***";

/** Hides every secret it knows. */
export interface Redactor {
  /** Learns a secret that was obtained at run time. Values under 6 characters are not learnt; beyond 1,000 the oldest goes. */
  add(secret: string): void;
  /** `text` with every known secret replaced by `***`, as it is, percent-encoded or escaped as in JSON. */
  text(text: string): string;
}

/**
 * A redactor that knows `secrets` for ever, e.g. those of the configuration.
 *
 * Give it whole texts: of a secret that was cut in the middle it recognises neither half.
 */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const configured = secrets.filter(isLongEnough);
  const obtained = new Set<string>();
  // Built when it is needed: tokens may come in a row.
  let pattern: RegExp | undefined;

  return {
    add(secret) {
      if (!isLongEnough(secret)) return;
      const isKnown = obtained.delete(secret);
      obtained.add(secret);
      if (isKnown) return;
      const [oldest] = obtained;
      if (oldest !== undefined && obtained.size > MAX_OBTAINED_COUNT) obtained.delete(oldest);
      pattern = undefined;
    },
    text(text) {
      pattern ??= patternOf([...configured, ...obtained]);
      return text.replace(pattern, MASK);
    },
  };
}

function isLongEnough(secret: string): boolean {
  return secret.length >= MIN_SECRET_CHARS;
}

/** One expression for all forms of all secrets; the longest first, so that a secret inside another leaves no rest. */
function patternOf(secrets: readonly string[]): RegExp {
  if (secrets.length === 0) return /(?!)/g;
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|"), "g");
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret.toWellFormed());
  const encodedLower = encoded.replace(/%../g, (escape) => escape.toLowerCase());
  return [secret, encoded, encodedLower, JSON.stringify(secret).slice(1, -1)];
}

/** `url` for people: the names of its query without their values, no user, password or fragment. */
export function redactUrl(url: string | URL): string {
  if (!URL.canParse(String(url))) return "(not a URL)";
  const shown = new URL(url);
  const query = [...shown.searchParams].map(([name, value]) => (value === "" ? MASK : `${encodeURIComponent(name)}=${MASK}`));
  shown.username = "";
  shown.password = "";
  shown.hash = "";
  shown.search = query.join("&");
  return shown.href;
}

/**
 * The beginning of `text` on one line, for logs and errors: control characters become spaces, a cut ends in `…`.
 *
 * Redact before you cut.
 *
 * @param maxChars - UTF-16 code units before the `…`; an emoji at the cut is left out whole.
 */
export function excerpt(text: string, maxChars = 200): string {
  const head = text.length <= maxChars ? text : `${text.slice(0, maxChars).replace(/[\uD800-\uDBFF]$/, "")}…`;
  return head.replace(/\p{Cc}+/gu, " ");
}
