/** Where a parameter stands in its encoder. */
export type ParameterDepth = {
  /** 0 for the embeddings, 1 to `layers` for the layers, `layers` + 1 for what stands on them. */
  depth: number;
  /** Of the encoder that the parameter belongs to; 0 for what belongs to none. */
  layers: number;
};

const memberPrefix = /^(?:members\.\d+\.)*/;
const layerNumber = /(?:^|\.)encoder\.layer\.(\d+)\./;
const embeddings = /(?:^|\.)embeddings(?:_project)?\./;

/** The depth of each parameter by its name. The members of an ensemble are counted separately. */
export function parameterDepths(names: readonly string[]): Map<string, ParameterDepth> {
  const layersOf = new Map<string, number>();
  for (const name of names) {
    const layer = layerNumber.exec(name)?.[1];
    if (layer === undefined) continue;
    const member = memberOf(name);
    layersOf.set(member, Math.max(layersOf.get(member) ?? 0, Number(layer) + 1));
  }
  return new Map(
    names.map((name) => {
      const layers = layersOf.get(memberOf(name)) ?? 0;
      return [name, { depth: depthOf(name, layers), layers }];
    }),
  );
}

/** The prefix of what belongs to a member of an ensemble: empty, `members.0.`, `members.1.members.0.`. */
export const memberOf = (name: string): string => memberPrefix.exec(name)![0];

function depthOf(name: string, layers: number): number {
  const layer = layerNumber.exec(name)?.[1];
  if (layer !== undefined) return Number(layer) + 1;
  return embeddings.test(name) ? 0 : layers + 1;
}
