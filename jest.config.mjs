export default {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  transform: {
    "\\.m?[jt]s$": [
      "@swc/jest",
      {
        jsc: { target: "es2023", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  // Some of our dependencies ship ES modules only.
  transformIgnorePatterns: [
    "/node_modules/(?!(@huggingface|yargs|yargs-parser|cliui|y18n|string-width|strip-ansi|ansi-regex|get-east-asian-width|wrap-ansi|ansi-styles|emoji-regex)/)",
  ],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  testTimeout: 60_000,
};
