import type { TimeSlice } from "../../foundation/time-slice.js";

/** Goes through many items and leaves the event loop its turns. */
export async function forEach<Item>(
  items: readonly Item[],
  slice: TimeSlice,
  work: (item: Item, index: number) => void,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    work(item, index);
    if (slice.isOver) await slice.rest();
  }
}
