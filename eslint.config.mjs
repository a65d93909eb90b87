import tseslint from "typescript-eslint";

/**
 * The house, from the ground up. A folder may import from its own floor and from those below it;
 * `npm run lint` fails on an import that points upward.
 */
const floors = [
  ["foundation"],
  ["native"],
  ["tensor"],
  ["checkpoint", "text", "data", "losses"],
  ["models"],
  ["evaluation"],
  ["ensemble", "tracking"],
  ["training"],
  ["reports"],
  ["cli"],
];

const downwardOnly = floors.flatMap((floor, level) => {
  const above = floors.slice(level + 1).flat();
  return floor.map((folder) => ({
    files: [`lib/${folder}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: [...above.map((name) => `**/${name}/**`), "**/index.js", "!./**"],
              message: `lib/${folder} may import only from its own floor and those below it.`,
            },
          ],
        },
      ],
    },
  }));
});

export default tseslint.config(
  { ignores: ["dist/", "build/", "node_modules/", "runs/", "coverage/", "test/fixtures/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/no-confusing-void-expression": "off",
    },
  },
  ...downwardOnly,
);
