import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import jsdoc from "eslint-plugin-jsdoc";
import ts from "typescript-eslint";

const SOURCES = ["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"];
const TESTS = ["**/*.test.ts", "**/*.test-d.ts", "tests/**/*.ts"];

export default defineConfig(
  globalIgnores(["tests/fixtures/cycle/", "**/dist/", "**/node_modules/", "**/.turbo/", "**/coverage/"]),
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    plugins: { "import-x": importX },
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["*.ts"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    // Without both settings `no-cycle` sees no edge and passes in silence.
    settings: {
      "import-x/parsers": { "@typescript-eslint/parser": [".ts"] },
      "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".js"], conditionNames: ["@revka/source", "types", "import", "default"] })],
    },
    rules: {
      "import-x/no-cycle": "error",
      "import-x/no-default-export": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-definitions": ["error", "interface"],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "max-lines": ["warn", { max: 250, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["warn", { max: 60, skipBlankLines: true, skipComments: true }],
      "max-depth": ["warn", 3],
      "max-params": ["warn", 3],
      complexity: ["warn", 12],
      "no-console": "error",
    },
  },
  {
    files: SOURCES,
    plugins: { jsdoc },
    rules: {
      "jsdoc/require-jsdoc": ["error", {
        publicOnly: true,
        contexts: ["TSInterfaceDeclaration", "TSTypeAliasDeclaration", "ExportNamedDeclaration > VariableDeclaration"],
        checkConstructors: false,
      }],
      "no-restricted-syntax": ["error",
        { selector: "ThrowStatement > NewExpression[callee.name='Error']", message: "Throw a ChannelError (or TypeError, RangeError): callers decide by its class." },
        { selector: "TSEnumDeclaration", message: "Use a union or an `as const` object." },
      ],
    },
  },
  {
    files: TESTS,
    rules: {
      "max-lines": "off",
      "max-lines-per-function": "off",
      "max-params": "off",
      "jsdoc/require-jsdoc": "off",
      "no-restricted-syntax": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  { files: ["**/*.config.ts", "*.ts", "eslint.config.js"], rules: { "import-x/no-default-export": "off" } },
  { files: ["**/*.js"], languageOptions: { globals: { process: "readonly", console: "readonly" } } },
);
