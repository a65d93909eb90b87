import { OutOfBytes } from "./pickle-bytes.js";
import { PickleMachine } from "./pickle-machine.js";
import type { PickleContext } from "./pickle-machine.js";
import { PickleDict, PickleList, PickleOpaque, PickleTuple } from "./pickle-values.js";
import type { PickleValue } from "./pickle-values.js";

/** Enough for 40,000 tensors; each operation may allocate a little, so their number is bounded. */
const maxOperations = 2_000_000;
const stop = 0x2e;

type Operation = (machine: PickleMachine) => void;

/**
 * The opcodes of protocols 2 to 5 that Python's pickler writes for a state dict, under their names
 * in Python's pickletools. Those that it never writes there are left out, and so refused.
 */
const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, (m) => m.input.skip(1)], // PROTO
  [0x95, (m) => m.input.skip(8)], // FRAME

  [0x28, (m) => m.mark()], // MARK
  [0x30, (m) => void m.pop()], // POP
  [0x31, (m) => void m.popToMark()], // POP_MARK
  [0x32, (m) => m.push(m.top())], // DUP
  [0x71, (m) => m.store(m.input.uint8())], // BINPUT
  [0x72, (m) => m.store(m.input.uint32())], // LONG_BINPUT
  [0x94, (m) => m.memoize()], // MEMOIZE
  [0x68, (m) => m.recall(m.input.uint8())], // BINGET
  [0x6a, (m) => m.recall(m.input.uint32())], // LONG_BINGET

  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x4a, (m) => m.push(m.input.int32())], // BININT
  [0x4b, (m) => m.push(m.input.uint8())], // BININT1
  [0x4d, (m) => m.push(m.input.uint16())], // BININT2
  [0x8a, (m) => m.push(m.input.integer(m.input.uint8()))], // LONG1
  [0x47, (m) => m.push(m.input.float64())], // BINFLOAT

  [0x58, (m) => m.text(m.input.uint32())], // BINUNICODE
  [0x8c, (m) => m.text(m.input.uint8())], // SHORT_BINUNICODE
  [0x8d, (m) => m.text(m.input.uint64())], // BINUNICODE8
  // Python 2's str. All that a state dict needs of it are ASCII names.
  [0x54, (m) => m.push(m.input.latin1(m.input.uint32()))], // BINSTRING
  [0x55, (m) => m.push(m.input.latin1(m.input.uint8()))], // SHORT_BINSTRING
  [0x42, (m) => pushBytes(m, m.input.uint32())], // BINBYTES
  [0x43, (m) => pushBytes(m, m.input.uint8())], // SHORT_BINBYTES
  [0x8e, (m) => pushBytes(m, m.input.uint64())], // BINBYTES8
  [0x96, (m) => pushBytes(m, m.input.uint64())], // BYTEARRAY8

  [0x29, (m) => m.push(new PickleTuple([]))], // EMPTY_TUPLE
  [0x85, (m) => m.pushTuple(1)], // TUPLE1
  [0x86, (m) => m.pushTuple(2)], // TUPLE2
  [0x87, (m) => m.pushTuple(3)], // TUPLE3
  [0x74, (m) => m.push(new PickleTuple(m.popToMark()))], // TUPLE
  [0x5d, (m) => m.push(new PickleList())], // EMPTY_LIST
  [0x61, (m) => m.append([m.pop()])], // APPEND
  [0x65, (m) => m.append(m.popToMark())], // APPENDS
  [0x8f, (m) => m.push(new PickleList())], // EMPTY_SET
  [0x90, (m) => m.append(m.popToMark())], // ADDITEMS
  [0x91, (m) => m.push(new PickleTuple(m.popToMark()))], // FROZENSET
  [0x7d, (m) => m.push(new PickleDict())], // EMPTY_DICT
  [0x73, (m) => m.setItems([m.pop(), m.pop()].reverse())], // SETITEM
  [0x75, (m) => m.setItems(m.popToMark())], // SETITEMS

  [0x63, (m) => m.global(m.input.line(), m.input.line())], // GLOBAL
  [0x93, (m) => m.globalFromStack()], // STACK_GLOBAL
  [0x52, (m) => m.call()], // REDUCE
  [0x81, (m) => m.call()], // NEWOBJ
  [0x62, (m) => m.build()], // BUILD
  [0x51, (m) => m.persistentLoad()], // BINPERSID
]);

function pushBytes(machine: PickleMachine, length: number): void {
  machine.input.skip(length);
  machine.push(new PickleOpaque());
}

/**
 * Reads one pickle without executing anything: it can only build plain values and what
 * `context.globals` holds.
 * @returns the value and the position after the pickle, or undefined where the bytes end first
 * @throws StsError UNSUPPORTED_MODEL for any other Python name, CHECKPOINT_CORRUPT for anything
 *   else that is wrong
 */
export function readPickle(
  bytes: Buffer,
  start: number,
  context: PickleContext,
): { value: PickleValue; end: number } | undefined {
  const machine = new PickleMachine(bytes, start, context);
  try {
    for (let count = 0; count < maxOperations; count++) {
      const opcode = machine.input.uint8();
      if (opcode === stop) return { value: machine.pop(), end: machine.input.position };
      const operation = operations.get(opcode);
      if (operation === undefined) {
        throw machine.damaged(`opcode 0x${opcode.toString(16)} has no place in a state dict`);
      }
      operation(machine);
    }
  } catch (error) {
    if (error instanceof OutOfBytes) return undefined;
    throw error;
  }
  throw machine.damaged(`it takes more than ${maxOperations} operations`);
}
