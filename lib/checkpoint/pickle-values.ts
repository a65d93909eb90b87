/** What a pickle builds, as far as a state dict needs it. */
export type PickleValue = null | boolean | number | bigint | string | PickleObject;

export abstract class PickleObject {
  abstract readonly kind: string;
}

export class PickleTuple extends PickleObject {
  readonly kind = "tuple";
  constructor(readonly items: readonly PickleValue[]) {
    super();
  }
}

/** A list or a set; nothing here asks which. */
export class PickleList extends PickleObject {
  readonly kind = "list";
  readonly items: PickleValue[] = [];
}

/** A dict or an OrderedDict. A Map, since its keys come from the file and may be `__proto__`. */
export class PickleDict extends PickleObject {
  readonly kind = "dict";
  readonly entries = new Map<PickleValue, PickleValue>();
}

/** Something harmless that a state dict does not need: bytes, a device, the name of a dtype. */
export class PickleOpaque extends PickleObject {
  readonly kind = "opaque";
}

/** A Python function or class that the pickle may call, and what we do in its place. */
export class PickleCallable extends PickleObject {
  readonly kind = "callable";
  constructor(
    readonly name: string,
    /** Undefined where the arguments are not what the Python function takes. */
    readonly apply: (args: readonly PickleValue[]) => PickleValue | undefined,
  ) {
    super();
  }
}
