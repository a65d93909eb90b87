import { invalidArgument, StsError } from "../foundation/errors.js";

/** The scores of every member, each [n]: member by member, the same pairs in the same order. */
export type Members = readonly ArrayLike<number>[];

/**
 * @returns n, the number of pairs
 * @throws StsError `INVALID_ARGUMENT` for no members or members of different lengths, `NOT_FINITE`
 *   with the place of a NaN or an infinity
 */
export function requireMembers(members: Members): number {
  const [first] = members;
  if (first === undefined) throw invalidArgument("members", "at least one", members);
  for (const [i, member] of members.entries()) {
    requireScores(`members[${i}]`, member, first.length);
  }
  return first.length;
}

/** @throws StsError as {@link requireMembers}; also for labels of another length */
export function requireLabelled(members: Members, labels: ArrayLike<number>): number {
  const n = requireMembers(members);
  requireScores("labels", labels, n);
  return n;
}

function requireScores(name: string, scores: ArrayLike<number>, n: number): void {
  if (scores.length !== n) throw invalidArgument(name, `${n} numbers`, scores.length);
  for (let i = 0; i < n; i++) {
    if (Number.isFinite(scores[i])) continue;
    const problem = `expected a finite number, got ${scores[i]}.`;
    throw new StsError("NOT_FINITE", `${name}[${i}]: ${problem}`);
  }
}

/** The scores of some of the pairs. */
export const select = (scores: ArrayLike<number>, rows: Uint32Array): Float64Array =>
  Float64Array.from(rows, (row) => scores[row]!);
