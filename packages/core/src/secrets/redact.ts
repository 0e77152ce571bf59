/** Shorter values would also hit ordinary words. */
const MIN_SECRET_CHARS = 6;
const MAX_OBTAINED_COUNT = 1_000;
const MASK = "***";
/** What an excerpt ends in where it was cut. */
const CUT = "…";
/** A shorter beginning of a secret says nothing, and words may end in it by chance. */
const MIN_BEGINNING_CHARS = 3;

/** Hides every secret it knows. */
export interface Redactor {
  /** Learns a secret that was obtained at run time. Values under 6 characters are not learnt; beyond 1,000 the oldest goes. */
  add(secret: string): void;
  /**
   * `text` with every known secret replaced by `***`, as it is, percent-encoded or escaped as in JSON, once or twice. So is
   * the beginning of one that stands before a `…`: there an excerpt was cut.
   */
  text(text: string): string;
}

/**
 * A redactor that knows `secrets` for ever, e.g. those of the configuration.
 *
 * Give it whole texts: of a secret that was cut in the middle it recognises no end, and a beginning only before a `…`.
 */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const configured = secrets.filter(isLongEnough);
  const obtained = new Set<string>();
  // Built when it is needed: tokens may come in a row.
  let known: KnownForms | undefined;

  return {
    add(secret) {
      if (!isLongEnough(secret)) return;
      const isKnown = obtained.delete(secret);
      obtained.add(secret);
      if (isKnown) return;
      const [oldest] = obtained;
      if (oldest !== undefined && obtained.size > MAX_OBTAINED_COUNT) obtained.delete(oldest);
      known = undefined;
    },
    text(text) {
      known ??= formsOfAll([...configured, ...obtained]);
      const { forms, pattern } = known;
      const whole = text.replace(pattern, MASK);
      return whole.includes(CUT) ? withoutBeginnings(whole, forms) : whole;
    },
  };
}

function isLongEnough(secret: string): boolean {
  return secret.length >= MIN_SECRET_CHARS;
}

interface KnownForms {
  readonly forms: readonly string[];
  /** One expression for all forms; the longest first, so that a secret inside another leaves no rest. */
  readonly pattern: RegExp;
}

function formsOfAll(secrets: readonly string[]): KnownForms {
  const forms = [...new Set(secrets.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  if (forms.length === 0) return { forms, pattern: /(?!)/g };
  return { forms, pattern: new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|"), "g") };
}

/** Hides what a cut has left of a secret. */
function withoutBeginnings(text: string, forms: readonly string[]): string {
  const pieces = text.split(CUT);
  return pieces.map((piece, index) => (index === pieces.length - 1 ? piece : withoutBeginning(piece, forms))).join(CUT);
}

function withoutBeginning(piece: string, forms: readonly string[]): string {
  const chars = piece.length < MIN_BEGINNING_CHARS ? 0 : Math.max(0, ...forms.map((form) => beginningAtEnd(piece, form)));
  return chars === 0 ? piece : `${piece.slice(0, -chars)}${MASK}`;
}

/** How many characters of the beginning of `form` are the end of `piece`. Most forms do not hold its last characters at all. */
function beginningAtEnd(piece: string, form: string): number {
  const last = piece.slice(-MIN_BEGINNING_CHARS);
  for (let at = form.lastIndexOf(last, form.length - MIN_BEGINNING_CHARS - 1); at >= 0; at = at === 0 ? -1 : form.lastIndexOf(last, at - 1)) {
    const chars = at + MIN_BEGINNING_CHARS;
    if (piece.endsWith(form.slice(0, chars))) return chars;
  }
  return 0;
}

function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret.toWellFormed());
  const encodedLower = encoded.replace(/%../g, (escape) => escape.toLowerCase());
  // A log line is JSON, and so is many an answer that it quotes.
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [secret, encoded, encodedLower, escaped, JSON.stringify(escaped).slice(1, -1)];
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
