export type BenchJob = {
  name: string;
  unit: string;
  best: "higher" | "lower";
  precision: string;
  layers: number;
  batchSize: number;
  rounds: number;
};

/** The line that `--json` puts last. */
export function toResult(
  job: BenchJob,
  ours: number,
  peers: Record<string, number>,
  more: { reference?: string; utilisation?: number | null; figures: object },
): {
  job: string;
  precision: string;
  layers: number;
  ours: number;
  peers: Record<string, number>;
  ratio: number | null;
  utilisation: number | null;
  ratios: Record<string, number>;
};
