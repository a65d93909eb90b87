import type { Found } from "./description.js";

/** Counts what is found and keeps the first examples. */
export class Finds<Example> {
  #count = 0;
  readonly #examples: Example[] = [];

  /** @param limit examples at most */
  constructor(private readonly limit: number) {}

  add(example: () => Example): void {
    if (this.#count++ < this.limit) this.#examples.push(example());
  }

  found(): Found<Example> {
    return { count: this.#count, examples: this.#examples };
  }
}

/** The first items of an order, of which equal ones stay in the order in which they came. */
export class Leading<Item> {
  readonly items: Item[] = [];

  /**
   * @param limit items at most
   * @param compare negative where `a` comes before `b`
   */
  constructor(
    private readonly limit: number,
    private readonly compare: (a: Item, b: Item) => number,
  ) {}

  add(item: Item): void {
    const { items, limit, compare } = this;
    if (items.length >= limit && (limit === 0 || compare(item, items.at(-1)!) >= 0)) return;
    const place = items.findLastIndex((earlier) => compare(earlier, item) <= 0) + 1;
    items.splice(place, 0, item);
    if (items.length > limit) items.pop();
  }
}
