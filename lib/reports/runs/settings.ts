/** A setting in which runs differ, and its value in each of them; undefined where it has none. */
export type DifferingSetting = { name: string; values: unknown[] };

export type ComparedSettings = {
  differing: DifferingSetting[];
  /** What all runs have in common, by name. */
  common: Readonly<Record<string, unknown>>;
};

/** Where a run lies is no difference between it and others. */
const notCompared = new Set(["output"]);

/** Settings by their names, those within others with a dot. Lists stay whole. */
export function flatten(settings: object, prefix = ""): Record<string, unknown> {
  const entries = Object.entries(settings).flatMap(([key, value]: [string, unknown]) => {
    const name = prefix + key;
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
    return isGroup && Object.keys(value).length > 0
      ? Object.entries(flatten(value, `${name}.`))
      : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Parts settings into those that differ and those that do not, in the order of the runs' own. */
export function compareSettings(
  runs: readonly { settings: Readonly<Record<string, unknown>> }[],
): ComparedSettings {
  const names = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))];
  const compared = names
    .filter((name) => !notCompared.has(name))
    .map((name) => ({ name, values: runs.map(({ settings }) => settings[name]) }));
  const differs = ({ values }: DifferingSetting) =>
    new Set(values.map((value) => JSON.stringify(value))).size > 1;
  return {
    differing: compared.filter(differs),
    common: Object.fromEntries(
      compared.filter((each) => !differs(each)).map(({ name, values }) => [name, values[0]]),
    ),
  };
}
