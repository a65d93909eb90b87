import yargs, { type Argv } from "yargs";
import { StsError } from "../foundation/errors.js";
import { suggestion } from "../foundation/suggestion.js";
import { augment } from "./augment.js";
import { bench } from "./bench.js";
import { clean } from "./clean.js";
import type { Command, CommandLine } from "./command.js";
import { crossval } from "./crossval.js";
import { doctor } from "./doctor.js";
import { eda } from "./eda.js";
import { evaluate } from "./evaluate.js";
import { reportError } from "./exit.js";
import { flagsOf, settingsWithoutFlag, type Flag } from "./flags.js";
import { ignoreClosedPipes, Output } from "./output.js";
import { packageVersion } from "./package-version.js";
import { predict } from "./predict.js";
import { pretrain } from "./pretrain.js";
import { quantize } from "./quantize.js";
import { readFlags, wordsOf, type ParsedArguments } from "./read-flags.js";
import { report } from "./report.js";
import { sample } from "./sample.js";
import { setup } from "./setup.js";
import { similarity } from "./similarity.js";
import { stack } from "./stack.js";
import { sweep } from "./sweep.js";
import { train } from "./train.js";
import { vote } from "./vote.js";

const commands: readonly Command[] = [
  train,
  pretrain,
  evaluate,
  predict,
  similarity,
  quantize,
  crossval,
  sweep,
  vote,
  stack,
  eda,
  clean,
  sample,
  augment,
  report,
  bench,
  doctor,
  setup,
];

/** What the arguments ask for: a command, or the text of `--help` or `--version`. */
type Request = { command: Command; line: CommandLine; json: boolean } | { text: string };

/**
 * Runs `sts-native`.
 * @param args what follows the program's name
 * @returns the exit code
 */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  ignoreClosedPipes([process.stdout, process.stderr]);
  let request: Request;
  try {
    request = await parse(args);
  } catch (error) {
    return reportError(error, new Output(false));
  }
  if ("text" in request) {
    new Output(false).print(request.text);
    return 0;
  }
  using output = new Output(request.json);
  try {
    return await request.command.run(request.line, output);
  } catch (error) {
    return reportError(error, output);
  }
}

async function parse(args: readonly string[]): Promise<Request> {
  let request: Request | undefined;
  const parser = createParser();
  for (const command of commands) {
    const flags = flagsOf(command.schema);
    const read = (parsed: ParsedArguments) => {
      if (parsed.help === true || parsed.version === true) return;
      request = { command, line: readFlags(command.schema, parsed), json: parsed.json === true };
    };
    parser.command(
      command.name,
      command.summary,
      // Reading comes before yargs' own checks, whose messages say less.
      (builder) => describeCommand(builder, command, flags).middleware(read, true),
      () => undefined,
    );
  }
  parser.command("$0", false, {}, (parsed) => requireCommand(wordsOf(parsed)));
  let text = "";
  await parser.parseAsync([...args], {}, (_error, _parsed, shown) => {
    text = shown;
  });
  return request ?? { text };
}

function createParser(): Argv {
  return (
    yargs()
      .scriptName("sts-native")
      .usage("$0 <command> [flags]\n\nSemantic textual similarity: train, evaluate and use models.")
      .epilogue("$0 <command> --help shows a command's flags.")
      .locale("en")
      .wrap(Math.min(100, process.stdout.columns || 100))
      .version(packageVersion())
      .help()
      .alias("help", "h")
      // The caller sets the exit code, when all output is written.
      .exitProcess(false)
      .fail(false)
      .parserConfiguration({
        "boolean-negation": false,
        "dot-notation": false,
        "parse-positional-numbers": false,
        "short-option-groups": false,
      })
  );
}

function describeCommand(builder: Argv, command: Command, flags: readonly Flag[]): Argv {
  const required = flags.filter((flag) => flag.required).map(({ name }) => `--${name} <${name}>`);
  const parts = [...required, "[flags]", command.operands].filter((part) => part !== "");
  builder
    .usage(`$0 ${command.name} ${parts.join(" ")}\n\n${command.summary}`)
    .epilogue(describeSettings(command))
    .example(`$0 ${command.name} ${command.example}`, "");
  for (const flag of flags) {
    builder.option(flag.name, {
      group: flag.required ? "Required:" : "Flags:",
      describe: flag.description,
      // Shown as a number, but kept as the text that was written, for the errors.
      string: true,
      number: flag.type === "number",
      ...(flag.choices && { choices: flag.choices }),
      ...(flag.default !== undefined && { defaultDescription: flag.default }),
    });
  }
  return builder.option("json", {
    boolean: true,
    describe: "one JSON object as the last line of stdout, everything else on stderr",
  });
}

/** The settings that have no flag, one a line. */
function describeSettings({ schema }: Command): string {
  const settings = settingsWithoutFlag(schema);
  if (settings.length === 0) return "";
  const width = Math.max(...settings.map(({ key }) => key.length));
  const lines = settings.map(({ key, description }) => `  ${key.padEnd(width)}  ${description}`);
  return ["Settings of the YAML file and of --set, without a flag:", ...lines].join("\n");
}

/** What is said where the first word is no command. */
function requireCommand([word]: readonly string[]): never {
  const names = commands.map(({ name }) => name);
  const problem =
    word === undefined
      ? "a command is missing."
      : `there is no command ${JSON.stringify(word)}.${suggestion(word, names)}`;
  throw new StsError(
    "INVALID_ARGUMENT",
    `${problem} Commands: ${names.join(", ")}. See sts-native --help.`,
  );
}
