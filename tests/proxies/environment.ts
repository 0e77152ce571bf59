const VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase(), `REVKA_${name}`]);

/** For processes under test: they find every name below `example.test` on this machine, and know nothing of this machine's own proxies. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  ...Object.fromEntries(VARIABLES.map((name) => [name, ""])),
  NODE_OPTIONS: `--import ${new URL("./names.ts", import.meta.url).href}`,
};
