import { z } from "zod";
import type { Command } from "./command.js";
import { examine, type Findings } from "./examination.js";
import { bytes, table } from "./format.js";
import { settingsOf } from "./read-flags.js";

const schema = z.strictObject({});

export const doctor: Command = {
  name: "doctor",
  summary: "Shows what sts-native finds on this machine, and what to do about what is missing.",
  operands: "",
  example: "",
  schema,
  async run(line, output) {
    settingsOf(schema, line);
    const findings = await examine();
    output.print(describeFindings(findings));
    output.result(findings);
    return findings.addon.runtime ? 0 : 1;
  },
};

function describeFindings(findings: Findings): string {
  const { advice } = findings;
  const facts = table([
    ["sts-native", findings.version],
    ["Node.js", findings.node],
    ["machine", `${findings.platform}, ${findings.processor}, ${bytes(findings.memory)} memory`],
    ...describeLibtorch(findings),
    ...describeAddon(findings),
    ...describeTools(findings),
    ...describeHub(findings),
  ]);
  if (advice.length === 0) return `${facts}\n\nEverything that is needed is there.`;
  return `${facts}\n\nWhat to do:\n${advice.map((item) => `- ${item.replaceAll("\n", "\n  ")}`).join("\n")}`;
}

type Rows = (readonly [string, string])[];

function describeLibtorch({ libtorch: { found, tried } }: Findings): Rows {
  const sources = { LIBTORCH: "named by LIBTORCH", python: "of python3", cache: "in our cache" };
  const built = (cuda: string | null) => (cuda === null ? "without CUDA" : `for CUDA ${cuda}`);
  return [
    [
      "libtorch",
      found
        ? `${found.version} (${built(found.cuda)}), ${sources[found.source]}: ${found.root}`
        : "not found",
    ],
    ...tried.map(({ where, why }) => ["", `not from ${where}: ${why}`] as const),
  ];
}

function describeAddon({ addon: { runtime } }: Findings): Rows {
  if (!runtime) return [["addon", "does not load"]];
  const { libtorch, cpuCapability, threads, mkldnn, cuda } = runtime;
  const has = (name: string, present: boolean) => `${present ? "with" : "without"} ${name}`;
  return [
    ["addon", `loads, with libtorch ${libtorch}`],
    ["", `CPU kernels ${cpuCapability}, ${threads} threads, ${has("oneDNN", mkldnn)}`],
    ["devices", cuda ? "cpu, cuda" : "cpu"],
  ];
}

function describeTools({ tools }: Findings): Rows {
  const { compiler, compilerVersion, compilesCpp20, cmake, generator, python, pip } = tools;
  const standard = compilesCpp20 ? "compiles C++20" : "does not compile C++20";
  return [
    ["compiler", compiler ? `${compiler}: ${compilerVersion ?? ""}, ${standard}` : "none"],
    ["build", `CMake ${cmake ?? "none"}, ${generator ?? "neither ninja nor make"}`],
    ["Python", python ? `${python}, ${pip ? "with" : "without"} pip` : "none"],
  ];
}

function describeHub({ hub }: Findings): Rows {
  const token = hub.hasToken ? "HF_TOKEN is set" : "HF_TOKEN is not set";
  return [
    ["hub", `${hub.endpoint}, ${token}${hub.offline ? ", HF_HUB_OFFLINE is set" : ""}`],
    ["hub cache", hub.cache],
  ];
}
