import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspect } from "node:util";

import { resolveModel } from "../../lib/checkpoint/hub.js";
import type { DownloadProgress } from "../../lib/checkpoint/hub.js";
import { cutAfter, hashOf, HubServer, json } from "./hub-server.js";
import type { Answer } from "./hub-server.js";
import { refusal } from "./support.js";

const id = "klue/roberta-small";
const commit = "1".repeat(40);
const token = "hf_secretsecret";

const weights = Buffer.alloc(300_000, "weights");
const files = {
  "README.md": Buffer.from("# a model"),
  "config.json": Buffer.from('{"model_type":"roberta"}'),
  "flax_model.msgpack": Buffer.from("not for us"),
  "model.safetensors": weights,
  "pytorch_model.bin": Buffer.alloc(5000, "older"),
  "tokenizer.json": Buffer.alloc(2000, "tokens"),
  "tokenizer_config.json": Buffer.from("{}"),
};
const needed = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];

const variables = ["HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE"] as const;
const before = variables.map((name) => [name, process.env[name]] as const);

let server: HubServer;
let home: string;
let model: string;

beforeEach(async () => {
  for (const name of variables) Reflect.deleteProperty(process.env, name);
  Reflect.deleteProperty(process.env, "HUGGINGFACE_HUB_CACHE");
  server = await HubServer.start({ id, commit, files: { ...files } });
  home = await mkdtemp(path.join(tmpdir(), "hub-"));
  process.env.HF_HOME = home;
  process.env.HF_ENDPOINT = `${server.url}/`;
  model = path.join(home, "hub", "models--klue--roberta-small");
});

afterEach(async () => {
  server.stop();
  await rm(home, { recursive: true });
  for (const [name, value] of before) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

const snapshotOf = (revision: string) => path.join(model, "snapshots", revision);
const everythingIn = (directory: string) =>
  existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: "utf8" }) : [];

describe("a directory", () => {
  it("is taken as it is, without a look at the network", async () => {
    expect(await resolveModel(home)).toBe(home);
    const relative = path.relative(process.cwd(), home);
    expect(await resolveModel(relative)).toBe(relative);
    expect(server.requests).toEqual([]);
  });

  it.each([
    "./missing",
    "../missing",
    "/no/such/model",
    "~/model",
    "a\\b",
    "runs/x/best",
    "no-such-directory/",
  ])("that does not exist, %s, is not looked for on the hub", async (name) => {
    const { code, message } = await refusal(resolveModel(name));
    expect(code).toBe("NOT_FOUND");
    expect(message).toContain(`${name}: there is no such directory`);
    expect(server.requests).toEqual([]);
  });

  it("is asked for where a file is named", async () => {
    const file = path.join(home, "model.safetensors");
    writeFileSync(file, "");
    const { code, message } = await refusal(resolveModel(file));
    expect(code).toBe("NOT_FOUND");
    expect(message).toContain("this is a file; expected the directory of a model");
  });
});

describe("a name that cannot be a hub id is refused before it becomes a path", () => {
  it.each(["", "klue roberta", "klue--roberta/x", "a..b/c", "-x/y", "klue/모델"])(
    "%j",
    async (name) => {
      const { code, message } = await refusal(resolveModel(name));
      expect(code).toBe("INVALID_ARGUMENT");
      expect(message).toContain("model: expected a directory, or the id of a model");
      expect(server.requests).toEqual([]);
    },
  );

  it.each(["../../x", "", "a//b", "/etc"])("revision %j", async (revision) => {
    const { code, message } = await refusal(resolveModel(id, { revision }));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(message).toContain("revision: expected a branch, a tag or a commit");
    expect(server.requests).toEqual([]);
  });
});

describe("a model of the hub", () => {
  it("is downloaded into the cache as Python lays it out, only what is needed", async () => {
    const directory = await resolveModel(id);
    expect(directory).toBe(snapshotOf(commit));
    expect(readdirSync(directory).sort()).toEqual(needed);
    for (const name of needed) {
      const contents = files[name as keyof typeof files];
      expect(readFileSync(path.join(directory, name)).equals(contents)).toBe(true);
      expect(lstatSync(path.join(directory, name)).isSymbolicLink()).toBe(true);
      expect(readFileSync(path.join(model, "blobs", hashOf(contents))).equals(contents)).toBe(true);
    }
    expect(readdirSync(path.join(model, "blobs"))).toHaveLength(needed.length);
    expect(readFileSync(path.join(model, "refs", "main"), "utf8")).toBe(commit);
    expect(server.downloads.at(-1)).toBe("model.safetensors");
  });

  it("is downloaded once", async () => {
    const directory = await resolveModel(id);
    const downloads = server.downloads.length;
    const progress: DownloadProgress[] = [];
    expect(await resolveModel(id, { onProgress: (p) => progress.push(p) })).toBe(directory);
    expect(server.downloads).toHaveLength(downloads);
    expect(progress).toEqual([]);
  });

  it("may have an id without an organisation, and a revision", async () => {
    server.repository = { ...server.repository, id: "bert-base" };
    const directory = await resolveModel("bert-base", { revision: commit });
    expect(directory).toBe(path.join(home, "hub", "models--bert-base", "snapshots", commit));
    expect(existsSync(path.join(home, "hub", "models--bert-base", "refs"))).toBe(false);
  });

  it("is put where HF_HUB_CACHE says", async () => {
    process.env.HF_HUB_CACHE = path.join(home, "elsewhere");
    expect(await resolveModel(id)).toBe(
      path.join(home, "elsewhere", "models--klue--roberta-small", "snapshots", commit),
    );
  });

  it("reports its progress in the bytes that have come", async () => {
    const progress: DownloadProgress[] = [];
    server.misbehaviour.set(/^\/blobs\/.*/, (request, response) => {
      const contents = Object.values(files).find((b) => request.url!.endsWith(hashOf(b)))!;
      const half = contents.length >> 1;
      response.write(contents.subarray(0, half), () =>
        setTimeout(() => response.end(contents.subarray(half)), 20),
      );
    });
    await resolveModel(id, { onProgress: (p) => progress.push(p) });
    for (const name of needed) {
      const total = files[name as keyof typeof files].length;
      const steps = progress.filter(({ file }) => file === name);
      const loaded = steps.map((step) => step.loaded);
      expect(steps.every((step) => step.total === total)).toBe(true);
      expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
      expect([loaded[0], loaded.at(-1)]).toEqual([0, total]);
    }
    const ofWeights = progress.filter(({ file }) => file === "model.safetensors");
    expect(ofWeights.map(({ loaded }) => loaded)).toContain(weights.length / 2);
  });

  it("comes with all its shards", async () => {
    const index = {
      weight_map: { a: "model-00001-of-00002.safetensors", b: "model-00002-of-00002.safetensors" },
    };
    server.repository.files = {
      "config.json": files["config.json"],
      "model.safetensors.index.json": Buffer.from(JSON.stringify(index)),
      "model-00001-of-00002.safetensors": Buffer.alloc(1500, "1"),
      "model-00002-of-00002.safetensors": Buffer.alloc(1500, "2"),
      "vocab.txt": Buffer.from("[PAD]"),
    };
    const directory = await resolveModel(id);
    expect(readdirSync(directory).sort()).toEqual(Object.keys(server.repository.files).sort());

    process.env.HF_HUB_OFFLINE = "1";
    expect(await resolveModel(id)).toBe(directory);
    await rm(path.join(directory, "model-00002-of-00002.safetensors"));
    expect((await refusal(resolveModel(id))).message).toContain("no complete copy");
  });

  it("of sentence-transformers comes with the files of its modules", async () => {
    const modules = ["", "1_WeightedLayerPooling", "2_Pooling", "3_Normalize"];
    server.repository.files = {
      ...files,
      "modules.json": Buffer.from(
        JSON.stringify(modules.map((path) => ({ path, type: "sentence_transformers.models.X" }))),
      ),
      "config_sentence_transformers.json": Buffer.from('{"prompts":{}}'),
      "sentence_bert_config.json": Buffer.from('{"max_seq_length":128}'),
      "1_WeightedLayerPooling/config.json": Buffer.from('{"layer_start":0}'),
      "1_WeightedLayerPooling/model.safetensors": Buffer.alloc(1200, "weights of layers"),
      "2_Pooling/config.json": Buffer.from('{"pooling_mode":"mean"}'),
      "onnx/model.onnx": Buffer.alloc(1200, "not for us"),
    };
    const directory = await resolveModel(id);
    const unused = ["README.md", "flax_model.msgpack", "onnx/model.onnx", "pytorch_model.bin"];
    const wanted = Object.keys(server.repository.files).filter((name) => !unused.includes(name));
    expect([...server.downloads].sort()).toEqual(wanted.sort());
    expect(server.downloads.at(-1)).toBe("model.safetensors");
    for (const name of wanted) {
      const contents = server.repository.files[name]!;
      expect(readFileSync(path.join(directory, name)).equals(contents)).toBe(true);
    }
  });

  it("of sentence-transformers is found with its encoder in a directory of its own", async () => {
    const encoder = ["config.json", "model.safetensors", "tokenizer.json"] as const;
    server.repository.files = {
      "modules.json": Buffer.from(
        '[{"path":"0_Transformer","type":"x"},{"path":"1_Pooling","type":"x"}]',
      ),
      "1_Pooling/config.json": Buffer.from("{}"),
      ...Object.fromEntries(encoder.map((name) => [`0_Transformer/${name}`, files[name]])),
    };
    const directory = await resolveModel(id);
    expect(readdirSync(path.join(directory, "0_Transformer")).sort()).toEqual([...encoder].sort());
    expect(readdirSync(path.join(directory, "1_Pooling"))).toEqual(["config.json"]);

    process.env.HF_HUB_OFFLINE = "1";
    expect(await resolveModel(id)).toBe(directory);
    await rm(path.join(directory, "0_Transformer", "model.safetensors"));
    expect((await refusal(resolveModel(id))).message).toContain("no complete copy");
  });

  it("comes with pytorch_model.bin where there is nothing better", async () => {
    Reflect.deleteProperty(server.repository.files, "model.safetensors");
    expect(readdirSync(await resolveModel(id))).toContain("pytorch_model.bin");
  });

  it("without weights that can be read says what was looked for", async () => {
    server.repository.files = { "config.json": files["config.json"], "tf_model.h5": weights };
    const { code, message } = await refusal(resolveModel(id));
    expect(code).toBe("NOT_FOUND");
    expect(message).toContain("has no model.safetensors, model.safetensors.index.json, pytorch");
    expect(server.downloads).toEqual([]);
  });

  it("is completed where Python has left only a part of it in the cache", async () => {
    mkdirSync(snapshotOf(commit), { recursive: true });
    writeFileSync(path.join(snapshotOf(commit), "config.json"), files["config.json"]);
    writeFileSync(path.join(snapshotOf(commit), "model.safetensors"), weights);
    await resolveModel(id);
    expect(server.downloads).toEqual(["tokenizer_config.json", "tokenizer.json"]);
  });

  it("replaces a file of the cache that has the wrong size", async () => {
    const blob = path.join(model, "blobs", hashOf(weights));
    mkdirSync(path.dirname(blob), { recursive: true });
    writeFileSync(blob, "half");
    const directory = await resolveModel(id);
    expect(readFileSync(path.join(directory, "model.safetensors")).equals(weights)).toBe(true);
  });

  it("that changes on the hub is a new snapshot, which shares what is the same", async () => {
    await resolveModel(id);
    const next = "2".repeat(40);
    const changed = Buffer.from('{"model_type":"bert"}');
    server.repository = { id, commit: next, files: { ...files, "config.json": changed } };
    server.requests.length = 0;
    expect(await resolveModel(id)).toBe(snapshotOf(next));
    expect(server.downloads).toEqual(["config.json"]);
    expect(readFileSync(path.join(model, "refs", "main"), "utf8")).toBe(next);
    expect(readFileSync(path.join(snapshotOf(commit), "config.json"))).toEqual(
      files["config.json"],
    );
  });

  it("can be asked for twice at the same time", async () => {
    const [one, two] = await Promise.all([resolveModel(id), resolveModel(id)]);
    expect(one).toBe(two);
    expect(readdirSync(one).sort()).toEqual(needed);
    expect(readdirSync(path.join(model, "blobs"))).toHaveLength(needed.length);
  });
});

describe("without the network", () => {
  it("a model in the cache is found", async () => {
    const directory = await resolveModel(id);
    server.stop();
    expect(await resolveModel(id)).toBe(directory);
    expect(await resolveModel(id, { revision: commit })).toBe(directory);
  });

  it.each([429, 500, 401])("a model in the cache is found when the hub says %d", async (status) => {
    const directory = await resolveModel(id);
    server.misbehaviour.set(/./, (_, response) => json(response, status, {}));
    expect(await resolveModel(id)).toBe(directory);
  });

  it("the old snapshot is taken when the new one cannot be completed", async () => {
    const directory = await resolveModel(id);
    const changed = Buffer.alloc(4000, "new weights");
    const repository = { ...files, "model.safetensors": changed };
    server.repository = { id, commit: "2".repeat(40), files: repository };
    server.misbehaviour.set(new RegExp(hashOf(changed)), cutAfter(100, changed));
    expect(await resolveModel(id)).toBe(directory);
  });

  it.each(["1", "true", "ON"])("HF_HUB_OFFLINE=%s asks nothing of the hub", async (value) => {
    const directory = await resolveModel(id);
    server.requests.length = 0;
    process.env.HF_HUB_OFFLINE = value;
    expect(await resolveModel(id)).toBe(directory);
    const { code, message } = await refusal(resolveModel(id, { revision: "other" }));
    expect(code).toBe("NOT_FOUND");
    expect(message).toContain("HF_HUB_OFFLINE is set: unset it");
    expect(message).toContain(model);
    expect((await refusal(resolveModel("klue/bert-base"))).code).toBe("NOT_FOUND");
    expect(server.requests).toEqual([]);
  });

  it("the host and the reason are named", async () => {
    const { host } = server;
    server.stop();
    const { code, message } = await refusal(resolveModel(id));
    expect(code).toBe("HUB_FAILED");
    expect(message).toContain(`${id}: ${host} could not be reached (ECONNREFUSED)`);
  });
});

describe("a download that goes wrong leaves nothing under a final name, and can be repeated", () => {
  const faults: [string, Answer, string][] = [
    ["the connection is cut midway", cutAfter(1000, weights), "broke off the download"],
    [
      "the body ends early without a length",
      (_, response) => {
        response.write(weights.subarray(0, 1000));
        response.end();
      },
      "announced 300000 bytes of model.safetensors, but only 1000 came",
    ],
    [
      "more comes than was announced",
      (_, response) => response.end(Buffer.alloc(400_000)),
      "announced 300000 bytes of model.safetensors, but more came",
    ],
    [
      "a byte is wrong",
      (_, response) => response.end(Buffer.concat([weights.subarray(1), Buffer.from("x")])),
      "a damaged model.safetensors: its checksum is wrong",
    ],
    ["the storage is out of order", (_, response) => json(response, 503, {}), "out of order (503)"],
  ];

  it.each(faults)("%s", async (_, answer, said) => {
    server.misbehaviour.set(/^\/blobs\//, (request, response) => {
      if (request.url!.endsWith(hashOf(weights))) answer(request, response);
      else response.end(files["tokenizer.json"]);
    });
    const { code, message } = await refusal(resolveModel(id));
    expect(code).toBe("HUB_FAILED");
    expect(message).toContain(said);
    const left = everythingIn(model);
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(left).not.toContain(path.join("blobs", hashOf(weights)));
    expect(left).not.toContain(path.join("snapshots", commit, "model.safetensors"));
    expect(left).not.toContain("refs");

    server.misbehaviour.clear();
    const directory = await resolveModel(id);
    expect(readFileSync(path.join(directory, "model.safetensors")).equals(weights)).toBe(true);
  });

  it("it is aborted", async () => {
    const controller = new AbortController();
    const onProgress = ({ file, loaded }: DownloadProgress): void => {
      if (file === "model.safetensors" && loaded > 0) controller.abort();
    };
    server.misbehaviour.set(new RegExp(hashOf(weights)), (_, response) => {
      response.write(weights.subarray(0, 1000));
    });
    const outcome = await refusal(resolveModel(id, { onProgress, signal: controller.signal }));
    expect(outcome.code).toBe("ABORTED");
    const left = everythingIn(model);
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(left).not.toContain(path.join("blobs", hashOf(weights)));
  });

  it("it was aborted before it began", async () => {
    const { code } = await refusal(resolveModel(id, { signal: AbortSignal.abort() }));
    expect(code).toBe("ABORTED");
    expect(server.requests).toEqual([]);
  });

  it("the cache cannot be written", async () => {
    process.env.HF_HUB_CACHE = path.join(home, "file");
    writeFileSync(process.env.HF_HUB_CACHE, "");
    const { code, message } = await refusal(resolveModel(id));
    expect(code).toBe("IO_FAILED");
    expect(message).toContain(process.env.HF_HUB_CACHE);
  });
});

describe("a hub that refuses says what to do", () => {
  const refusals: [string, string | undefined, Answer, string, string][] = [
    [
      "a private or misspelled model",
      undefined,
      (_, response) => json(response, 401, { error: "Invalid username or password." }),
      "HUB_FAILED",
      "private or gated, or does not exist. Check how it is written",
    ],
    [
      "a gated model",
      undefined,
      (_, response) => {
        response.setHeader("X-Error-Code", "GatedRepo");
        json(response, 403, { error: "restricted" });
      },
      "HUB_FAILED",
      "gives this model only to those who accept its conditions (403). Do that at",
    ],
    [
      "a token that does not do",
      token,
      (_, response) => json(response, 403, { error: `no access for ${token}` }),
      "HUB_FAILED",
      "refuses the token in HF_TOKEN (403)",
    ],
    [
      "a misspelled model",
      token,
      (_, response) => json(response, 404, { error: "Repository not found" }),
      "NOT_FOUND",
      "there is no such directory here, and no such model (revision main) on",
    ],
    [
      "too many requests",
      undefined,
      (_, response) => {
        response.setHeader("Retry-After", "60");
        json(response, 429, {});
      },
      "HUB_FAILED",
      "too many requests (429). Try again in 60 seconds.",
    ],
    [
      "a hub that is out of order",
      token,
      (_, response) => json(response, 500, { error: token }),
      "HUB_FAILED",
      "is out of order (500). Try again later.",
    ],
    [
      "a page that asks to log in to the network",
      token,
      (_, response) => response.end("<html>Welcome</html>"),
      "HUB_FAILED",
      "does not answer as a model hub does; check HF_ENDPOINT",
    ],
    [
      "a description that is cut off",
      token,
      cutAfter(10, Buffer.from('{"sha":"1111111111111111"}')),
      "HUB_FAILED",
      "could not be reached",
    ],
  ];

  it.each(refusals)("%s", async (_, secret, answer, code, said) => {
    if (secret !== undefined) process.env.HF_TOKEN = secret;
    server.misbehaviour.set(/./, answer);
    const error = await refusal(resolveModel(id));
    expect(error.code).toBe(code);
    expect(error.message).toContain(said);
    expect(error.message).toContain(id);
    expect(error.message).toContain(server.host);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(token);
    expect(everythingIn(home)).toEqual([]);
  });

  it("a revision that the model has not", async () => {
    const { code, message } = await refusal(resolveModel(id, { revision: "v9" }));
    expect(code).toBe("NOT_FOUND");
    expect(message).toContain("has this model, but not its revision v9");
  });
});

describe("secrets and paths stay where they belong", () => {
  it("the token goes to the hub and not to the storage that the hub points to", async () => {
    process.env.HF_TOKEN = `${token}\n`;
    await resolveModel(id);
    expect(new Set(server.requests.map((request) => request.authorization))).toEqual(
      new Set([`Bearer ${token}`]),
    );
    expect(server.storageRequests.length).toBeGreaterThan(0);
    expect(server.storageRequests.every(({ headers }) => !("authorization" in headers))).toBe(true);
  });

  it("a token with a line break inside is refused and not shown", async () => {
    process.env.HF_TOKEN = `${token}\n${token}`;
    const error = await refusal(resolveModel(id));
    expect(error.code).toBe("INVALID_ARGUMENT");
    expect(error.message).toContain("HF_TOKEN");
    expect(inspect(error)).not.toContain(token);
  });

  it.each(["not a url", "ftp://example.org", "http://user:hf_secretsecret@127.0.0.1"])(
    "HF_ENDPOINT=%s is refused and not shown",
    async (endpoint) => {
      process.env.HF_ENDPOINT = endpoint;
      const error = await refusal(resolveModel(id));
      expect(error.code).toBe("INVALID_ARGUMENT");
      expect(error.message).toContain("HF_ENDPOINT");
      expect(inspect(error)).not.toContain(endpoint);
    },
  );

  it("a commit that is a path is not written to", async () => {
    server.repository.commit = "../../../outside";
    const { code } = await refusal(resolveModel(id));
    expect(code).toBe("HUB_FAILED");
    expect(everythingIn(home)).toEqual([]);
  });

  it("a hash that is a path is not written to", async () => {
    server.misbehaviour.set(/\/tree\//, (_, response) => {
      const lfs = { oid: "../../../outside", size: 3, pointerSize: 3 };
      json(response, 200, [{ type: "file", path: "config.json", size: 3, lfs }]);
    });
    const { code } = await refusal(resolveModel(id));
    expect(code).toBe("HUB_FAILED");
    expect(everythingIn(home)).toEqual([]);
  });

  it("a list of modules that names a path is refused", async () => {
    const modules = Buffer.from('[{"path":"../../outside","type":"x"}]');
    server.repository.files = { ...files, "modules.json": modules };
    const { code, message } = await refusal(resolveModel(id));
    expect(code).toBe("CHECKPOINT_CORRUPT");
    expect(message).toContain("modules.json: 0.path: expected the plain name of a directory");
    expect(server.downloads).toEqual(["modules.json"]);
  });

  it("an index that names a path is refused", async () => {
    const index = Buffer.from('{"weight_map":{"a":"../../outside.safetensors"}}');
    server.repository.files = {
      "config.json": files["config.json"],
      "model.safetensors.index.json": index,
    };
    const { code } = await refusal(resolveModel(id));
    expect(code).toBe("CHECKPOINT_CORRUPT");
    expect(server.downloads).toEqual(["config.json", "model.safetensors.index.json"]);
  });
});
