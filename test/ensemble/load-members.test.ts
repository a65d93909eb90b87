import { gzipSync } from "node:zlib";
import { loadLabelledMembers, loadMembers } from "../../lib/ensemble/load-members.js";
import { temporaryDirectory } from "../data/files.js";

const { file } = temporaryDirectory();
const predictions = (...rows: [id: string, target: number][]) =>
  ["id,target", ...rows.map((row) => row.join(","))].join("\n") + "\n";
const a = file("a.csv", predictions(["x", 1], ["y", 2], ["z", 3]));
const other = (...rows: [string, number][]) => file("b.csv", predictions(...rows));

it("rows are matched by id, in the order of the first file", async () => {
  const b = other(["z", 30], ["x", 10], ["y", 20]);
  const { ids, members } = await loadMembers([a, b]);
  expect(ids).toEqual(["x", "y", "z"]);
  expect(members.map((member) => [...member])).toEqual([[1, 2, 3], [10, 20, 30]]); // prettier-ignore
});

it("labels are matched to predictions of the same data, in the order of the data", async () => {
  const data = file("dev.csv", "id,sentence1,sentence2,label\ny,가,나,4\nz,가,나,5\nx,가,나,0\n");
  const { labels, members } = await loadLabelledMembers(data, [a]);
  expect([...labels]).toEqual([4, 5, 0]);
  expect([...members[0]!]).toEqual([2, 3, 1]);
});

it("data without ids match predictions by the number of the row, as predict writes it", async () => {
  const data = file("dev.csv", "sentence1,sentence2,label\n가,나,4\n가,나,5\n");
  const { members } = await loadLabelledMembers(data, [other(["1", 7], ["0", 6])]);
  expect([...members[0]!]).toEqual([6, 7]);
});

it("a file of other pairs is an error that names files, lines and ids", async () => {
  const b = other(["x", 1], ["q", 2], ["z", 3]);
  await expect(loadMembers([a, b])).rejects.toThrow(
    `${b} and ${a} are not of the same pairs: it lacks "y" (${a}:3); it has too many: "q" (${b}:3).`,
  );
});

it("a file that is shorter or longer says by what", async () => {
  await expect(loadMembers([a, other(["x", 1])])).rejects.toThrow(`it lacks "y" (${a}:3), "z"`);
  const rows = "abcdefgxyz".split("").map((id): [string, number] => [id, 1]);
  const longer = other(...rows);
  await expect(loadMembers([a, longer])).rejects.toThrow(
    `it has too many: "a" (${longer}:2), "b" (${longer}:3), "c" (${longer}:4) and 4 more. Give`,
  );
});

describe("ids that repeat, as in KorSTS", () => {
  const first = file("a.csv", predictions(["x", 1], ["y", 2], ["x", 3]));

  it("are an error with the line, and with what to do", async () => {
    await expect(loadMembers([first, first])).rejects.toMatchObject({
      code: "INVALID_DATA",
      message: expect.stringMatching(
        /a\.csv:4: the id "x" is on line 2 already, .* --match order\.$/,
      ) as string,
    });
    await expect(loadMembers([a, first])).rejects.toThrow(/a\.csv:4: the id "x"/);
  });

  it("are matched by their order", async () => {
    const b = other(["x", 10], ["y", 20], ["x", 30]);
    const { ids, members } = await loadMembers([first, b], { match: "order" });
    expect(ids).toEqual(["x", "y", "x"]);
    expect([...members[1]!]).toEqual([10, 20, 30]);
  });

  it("in another order are an error all the same", async () => {
    const b = other(["x", 10], ["x", 20], ["y", 30]);
    await expect(loadMembers([first, b], { match: "order" })).rejects.toThrow(
      `it has "x" (${b}:3) in the place of "y" (${first}:3)`,
    );
    await expect(loadMembers([first, other(["x", 1])], { match: "order" })).rejects.toThrow(
      "it has 1 rows, not 3",
    );
  });
});

describe("files as they come", () => {
  const expected = [[1.5, 2]];
  const text = "id,target\nx,1.5\ny,2\n";

  it.each([
    ["a byte order mark", `\uFEFF${text}`],
    ["CRLF", text.replaceAll("\n", "\r\n")],
    ["no last line end", text.trimEnd()],
    ["quotes", 'id,target\n"x","1.5"\ny,2\n'],
    ["empty lines", `\n${text}\n`],
    ["other columns", "label,id,target\n1,x,1.5\n2,y,2\n"],
    ["exponents and spaces", "id,target\nx, 15e-1 \ny,+2\n"],
  ])("%s: read the same", async (_, contents) => {
    const { members } = await loadMembers([file("p.csv", contents)]);
    expect(members.map((member) => [...member])).toEqual(expected);
  });

  it("compressed: read the same; any name will do", async () => {
    const { members } = await loadMembers([file("p.csv.gz", gzipSync(text)), file("p.txt", text)]);
    expect(members.map((member) => [...member])).toEqual([...expected, ...expected]);
  });

  it.each([
    ["no bytes", "", /p\.csv: the file has no rows/],
    ["a header only", "id,target\n", /p\.csv: the file has no rows/],
    [
      "another column",
      "id,score\nx,1\n",
      /p\.csv:1: there is no column "target"\. .* this one has "id", "score"\.$/,
    ],
    ["a column twice", "id,target,target\nx,1,2\n", /more than one column "target"/],
    ["no id", "id,target\nx,1\n,2\n", /p\.csv:3: no value in the column "id"/],
    ["a word", "id,target\nx,1\ny,high\n", /p\.csv:3: the target "high" is not a finite number/],
    ["nothing", "id,target\nx,\n", /p\.csv:2: the target "" is not a finite number/],
    ["NaN", "id,target\nx,NaN\n", /p\.csv:2: the target "NaN" is not a finite number/],
    ["an infinity", "id,target\nx,1\ny,1e999\n", /p\.csv:3: .*1e999/],
    ["a short row", "id,target\nx,1\ny\n", /p\.csv:3: wrong number of columns/],
    ["a quote that is never closed", 'id,target\nx,1\n"y,2\n', /p\.csv:3: malformed quoting/],
  ])("%s: one clear error, that does not advise to skip", async (_, contents, message) => {
    const loading = loadMembers([a, file("p.csv", contents)]);
    await expect(loading).rejects.toMatchObject({ code: "INVALID_DATA" });
    await expect(loading).rejects.toThrow(message);
    await expect(loading).rejects.not.toThrow(/on-bad-row/);
  });

  it("a file that is not there is named", async () => {
    await expect(loadMembers([a, "nothing.csv"])).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
