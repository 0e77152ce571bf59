import type { ChannelDefinition } from "@revka/core";

/** Imports a module by its specifier, as `import()` does. */
export type ImportModule = (specifier: string) => Promise<unknown>;

/** What became of looking for a package's channel definition. */
export type LoadedDefinition =
  | { readonly kind: "loaded"; readonly definition: ChannelDefinition }
  | { readonly kind: "missing" }
  | { readonly kind: "broken"; readonly error: unknown };

/**
 * Loads the definition that `<package>/definition` exports, under whatever name.
 *
 * Only "module not found" for exactly this package means missing: a package that is here and lacks something of its own
 * is broken, and saying "not installed" of it would send the operator the wrong way.
 */
export async function loadDefinition(packageName: string, importModule: ImportModule): Promise<LoadedDefinition> {
  try {
    const definition = definitionIn(await importModule(`${packageName}/definition`));
    if (definition !== undefined) return { kind: "loaded", definition };
    return { kind: "broken", error: new TypeError(`${packageName}/definition exports no channel definition`) };
  } catch (error) {
    return isMissing(error, packageName) ? { kind: "missing" } : { kind: "broken", error };
  }
}

/** Node names the package only in the message: `Cannot find package 'x' imported from …`. */
function isMissing(error: unknown, packageName: string): boolean {
  if (!(error instanceof Error) || !("code" in error) || error.code !== "ERR_MODULE_NOT_FOUND") return false;
  return error.message.startsWith(`Cannot find package '${packageName}'`);
}

function definitionIn(module: unknown): ChannelDefinition | undefined {
  return typeof module === "object" && module !== null ? Object.values(module).find(isDefinition) : undefined;
}

function isDefinition(value: unknown): value is ChannelDefinition {
  if (typeof value !== "object" || value === null || !("sections" in value) || !("create" in value)) return false;
  return typeof value.create === "function" && Array.isArray(value.sections) && value.sections.every(isSection);
}

function isSection(value: unknown): boolean {
  return typeof value === "object" && value !== null && "name" in value && "fields" in value && "schema" in value;
}
