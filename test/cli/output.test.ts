import { PassThrough } from "node:stream";
import { downloadReport } from "../../lib/cli/download-report.js";
import { Interrupted, reportError } from "../../lib/cli/exit.js";
import { bytes, duration, shellWord, table } from "../../lib/cli/format.js";
import { ignoreClosedPipes, Output } from "../../lib/cli/output.js";
import { StsError, type ErrorCode } from "../../lib/foundation/errors.js";
import { recordedOutput } from "./support.js";

describe("stdout and stderr", () => {
  it("people read results on stdout, and on stderr under --json, where stdout has one object", () => {
    const plain = recordedOutput();
    const json = recordedOutput({ json: true });
    for (const { output } of [plain, json]) {
      output.print("Pearson 0.8");
      output.note("cut");
      output.result({ pearson: 0.8 });
    }
    expect([plain.stdout(), plain.stderr()]).toEqual(["Pearson 0.8\n", "cut\n"]);
    expect([json.stdout(), json.stderr()]).toEqual(['{"pearson":0.8}\n', "Pearson 0.8\ncut\n"]);
  });

  it("errors are red only on a terminal that has colours", () => {
    const stderr = Object.assign(new PassThrough(), { isTTY: true, hasColors: () => true });
    new Output(false, new PassThrough(), stderr).error("no such file");
    expect(String(stderr.read())).toBe("\x1b[31merror:\x1b[39m no such file\n");
    const plain = recordedOutput();
    plain.output.error("no such file");
    expect(plain.stderr()).toBe("error: no such file\n");
  });

  it("a reader that goes away is no error; a full disk is", () => {
    const stream = new PassThrough();
    ignoreClosedPipes([stream]);
    const fail = (code: string) => stream.emit("error", Object.assign(new Error(code), { code }));
    expect(() => fail("EPIPE")).not.toThrow();
    expect(() => fail("ENOSPC")).toThrow("ENOSPC");
  });
});

describe("exit codes", () => {
  const report = (error: unknown) => {
    const { output, stderr } = recordedOutput();
    return { code: reportError(error, output), stderr: stderr() };
  };

  it.each<[ErrorCode, number]>([
    ["INVALID_ARGUMENT", 2],
    ["INVALID_DATA", 2],
    ["NOT_FOUND", 2],
    ["CHECKPOINT_CORRUPT", 2],
    ["UNSUPPORTED_MODEL", 2],
    ["LIBTORCH_NOT_FOUND", 2],
    ["IO_FAILED", 1],
    ["HUB_FAILED", 1],
    ["OUT_OF_MEMORY", 1],
    ["NOT_FINITE", 1],
  ])("%s ends with %i and its message alone", (code, exitCode) => {
    expect(report(new StsError(code, "what and where"))).toEqual({
      code: exitCode,
      stderr: "error: what and where\n",
    });
  });

  it("Ctrl-C ends with 130 and SIGTERM with 143", () => {
    expect(report(new Interrupted("SIGINT", "stopped"))).toEqual({
      code: 130,
      stderr: "stopped\n",
    });
    expect(report(new Interrupted("SIGTERM", "stopped")).code).toBe(143);
  });

  it.each([new TypeError("x is not a function"), new StsError("INTERNAL", "no evaluation")])(
    "a mistake of ours comes with its stack and a request to report it",
    (error) => {
      const { code, stderr } = report(error);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: this is a mistake of ours, please report/);
      expect(stderr).toContain(error.message);
      expect(stderr).toMatch(/^ +at /m);
    },
  );
});

describe("downloads", () => {
  const megabyte = 1e6;

  it("show a bar for each file on a terminal", () => {
    const { output, stderr } = recordedOutput({ terminal: true });
    const report = downloadReport(output);
    report({ file: "config.json", loaded: 0, total: 500 });
    report({ file: "config.json", loaded: 500, total: 500 });
    report({ file: "model.safetensors", loaded: 0, total: 270 * megabyte });
    const written = stderr();
    expect(written).toContain("100% | config.json | 500 B of 500 B");
    expect(written).toContain("0% | model.safetensors | 0 B of 270.0 MB");
    output.closeBar();
  });

  it("are told in lines, at most one in 10 s for a file, elsewhere", () => {
    let now = 0;
    const { output, stderr } = recordedOutput();
    const report = downloadReport(output, () => now);
    const after = (seconds: number, loaded: number) => {
      now = seconds * 1000;
      report({ file: "model.safetensors", loaded: loaded * megabyte, total: 270 * megabyte });
      return stderr();
    };
    expect(after(0, 0)).toBe("downloading model.safetensors (270.0 MB)\n");
    expect(after(9, 100)).toBe("");
    expect(after(10, 110)).toBe("downloading model.safetensors: 110.0 MB of 270.0 MB\n");
    expect(after(11, 270)).toBe("downloading model.safetensors: 270.0 MB of 270.0 MB\n");
  });
});

describe("numbers and words", () => {
  it("durations are minutes and seconds, with hours where there are some", () => {
    expect([0, 59.6, 61, 3723].map(duration)).toEqual(["0:00", "1:00", "1:01", "1:02:03"]);
  });

  it("sizes have their unit", () => {
    expect([0, 999, 1000, 2.7e8].map(bytes)).toEqual(["0 B", "999 B", "1.0 kB", "270.0 MB"]);
  });

  it("columns are aligned", () => {
    expect(table([["MSE", "1"], ["Pearson", "2"]])).toBe("MSE      1\nPearson  2"); // prettier-ignore
  });

  it("a path with spaces can be pasted into a shell", () => {
    expect(["runs/a-1", "my run", "it's"].map(shellWord)).toEqual([
      "runs/a-1",
      "'my run'",
      `'it'\\''s'`,
    ]);
  });
});
