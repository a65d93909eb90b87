import { StsError } from "../foundation/errors.js";
import { corrupt } from "./checkpoint-file.js";
import { PickleBytes } from "./pickle-bytes.js";
import {
  PickleCallable,
  PickleDict,
  PickleList,
  PickleOpaque,
  PickleTuple,
} from "./pickle-values.js";
import type { PickleValue } from "./pickle-values.js";

/** What a pickle may refer to, outside itself. */
export type PickleContext = {
  /** The file, as error messages name it. */
  path: string;
  /** The only Python names that the pickle may use, as `module.name`, and what stands for them. */
  globals: ReadonlyMap<string, PickleValue>;
  /** What a persistent id stands for; undefined where it is none that is known. */
  persistentLoad: (id: PickleValue) => PickleValue | undefined;
};

/**
 * The stack machine that a pickle is a program for. It has no recursion, copies nothing and every
 * operation costs time and memory in proportion to the bytes that led to it, so that neither depth
 * nor sharing (a list that holds itself, the "billion laughs") can hurt.
 */
export class PickleMachine {
  readonly input: PickleBytes;
  private readonly stack: PickleValue[] = [];
  /** Heights of the stack at the open marks. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(
    bytes: Buffer,
    start: number,
    private readonly context: PickleContext,
  ) {
    this.input = new PickleBytes(bytes, start);
  }

  damaged(problem: string): StsError {
    const at = this.input.position;
    return corrupt(this.context.path, `the pickle is damaged before byte ${at}: ${problem}`);
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw this.damaged("its stack is empty");
    return this.stack.pop()!;
  }

  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  mark(): void {
    this.marks.push(this.stack.length);
  }

  /** Takes everything above the last mark, and the mark. */
  popToMark(): PickleValue[] {
    const height = this.marks.pop();
    if (height === undefined) throw this.damaged("there is no mark on its stack");
    return this.stack.splice(height);
  }

  pushTuple(length: 1 | 2 | 3): void {
    const items = Array.from({ length }, () => this.pop());
    this.push(new PickleTuple(items.reverse()));
  }

  store(index: number): void {
    this.memo.set(index, this.top());
  }

  memoize(): void {
    this.store(this.memo.size);
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw this.damaged(`it asks for memo ${index}, which was never set`);
    this.push(value);
  }

  /** Adds to the list on top of the stack. */
  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!(list instanceof PickleList)) throw this.damaged("it appends to something not a list");
    for (const item of items) list.items.push(item);
  }

  /** Sets entries of the dict on top of the stack; keys and values alternate. */
  setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof PickleDict) || items.length % 2 !== 0) {
      throw this.damaged("it sets an item of something not a dict, or a key has no value");
    }
    for (let i = 0; i < items.length; i += 2) dict.entries.set(items[i]!, items[i + 1]!);
  }

  text(length: number): void {
    const text = this.input.utf8(length);
    if (text === undefined) throw this.damaged("a string is not valid UTF-8");
    this.push(text);
  }

  /** Pushes what stands for a Python name, if it is on the list; nothing is ever imported. */
  global(module: string, name: string): void {
    const qualified = `${module}.${name}`;
    const value = this.context.globals.get(qualified);
    if (value === undefined) {
      throw new StsError(
        "UNSUPPORTED_MODEL",
        `${this.context.path}: the file asks to run or build the Python object ${JSON.stringify(qualified.slice(0, 200))}, which no state dict of supported tensors needs, and executing code from a checkpoint is refused. If you trust the file, load it in Python and save its state dict as model.safetensors.`,
      );
    }
    this.push(value);
  }

  globalFromStack(): void {
    const name = this.pop();
    const module = this.pop();
    if (typeof module !== "string" || typeof name !== "string") {
      throw this.damaged("a Python name is not a string");
    }
    this.global(module, name);
  }

  call(): void {
    const args = this.pop();
    const callable = this.pop();
    if (!(callable instanceof PickleCallable) || !(args instanceof PickleTuple)) {
      throw this.damaged("it calls something that is not a function");
    }
    const result = callable.apply(args.items);
    if (result === undefined) {
      throw this.damaged(`the arguments of ${callable.name} are not what it takes`);
    }
    this.push(result);
  }

  /** Attributes set on an object, such as a state dict's `_metadata`: checked, and left out. */
  build(): void {
    this.pop();
    const target = this.top();
    if (!(target instanceof PickleDict) && !(target instanceof PickleOpaque)) {
      throw this.damaged("it sets attributes of something that has none");
    }
  }

  persistentLoad(): void {
    const value = this.context.persistentLoad(this.pop());
    if (value === undefined) throw this.damaged("it refers to something that is not a storage");
    this.push(value);
  }
}
