import { readFileSync } from "node:fs";

/**
 * The bytes of a file in the folder `fixtures` beside a test.
 *
 * @param testUrl - the test's `import.meta.url`.
 * @param name - e.g. `"receive-wrapped.json"`.
 */
export function readFixture(testUrl: string, name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}`, testUrl));
}
