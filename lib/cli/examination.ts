import os from "node:os";
import type { Libtorch, LibtorchSearch, Tools } from "../../scripts/bootstrap/index.mjs";
import { addon, type Addon } from "../native/addon.js";
import { bootstrap } from "./bootstrap.js";
import { packageVersion } from "./package-version.js";

/** What sts-native finds on a machine. */
export type Findings = {
  version: string;
  node: string;
  platform: string;
  processor: string;
  /** In bytes. */
  memory: number;
  libtorch: Pick<LibtorchSearch, "tried"> & { found: Libtorch | null; problem: string | null };
  addon: { runtime: ReturnType<Addon["runtimeInfo"]> | null; problem: string | null };
  tools: Tools;
  hub: Hub;
  /** What to do about what is missing. */
  advice: string[];
};

type Hub = { cache: string; endpoint: string; hasToken: boolean; offline: boolean };

/** Looks at everything and fails at nothing. */
export async function examine(env: NodeJS.ProcessEnv = process.env): Promise<Findings> {
  const { missingTools, probeTools } = await bootstrap();
  const tools = await probeTools(env);
  const libtorch = await searchLibtorch(env);
  const loading = loadAddon();
  const broken = loading.problem !== null;
  const work = { building: broken, installing: broken && libtorch.found === null };
  const [processor] = os.cpus();
  return {
    version: packageVersion(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: `${processor?.model ?? "unknown"}, ${os.availableParallelism()} cores`,
    memory: os.totalmem(),
    libtorch,
    addon: loading,
    tools,
    hub: await describeHub(env),
    advice: [libtorch.problem, loading.problem, missingTools(tools, work)].filter(
      (problem) => problem !== null,
    ),
  };
}

async function searchLibtorch(env: NodeJS.ProcessEnv): Promise<Findings["libtorch"]> {
  const { findLibtorch, SetupProblem } = await bootstrap();
  try {
    return { ...(await findLibtorch(env)), problem: null };
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    return { found: null, tried: [], problem: error.message };
  }
}

function loadAddon(): Findings["addon"] {
  try {
    return { runtime: addon().runtimeInfo(), problem: null };
  } catch (error) {
    return { runtime: null, problem: (error as Error).message };
  }
}

async function describeHub(env: NodeJS.ProcessEnv): Promise<Hub> {
  const { getHFHubCachePath } = await import("@huggingface/hub");
  return {
    cache: getHFHubCachePath(),
    endpoint: env.HF_ENDPOINT ? withoutPassword(env.HF_ENDPOINT) : "https://huggingface.co",
    hasToken: Boolean(env.HF_TOKEN),
    offline: /^(1|on|yes|true)$/i.test(env.HF_HUB_OFFLINE ?? ""),
  };
}

function withoutPassword(endpoint: string): string {
  if (!URL.canParse(endpoint)) return "HF_ENDPOINT is not a URL";
  const url = new URL(endpoint);
  url.username = "";
  url.password = "";
  return url.href;
}
