package org.aliasfree.checkpoint;

import static org.aliasfree.checkpoint.PickleOpcode.*;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Executes the opcodes of one pickle on values that are plain data. It never looks up, loads or
 * calls anything by a name in the file: {@link Dialect} says which names are known and builds the
 * values for them. It keeps its own stack, so nesting costs memory of the budget and no Java stack.
 */
final class PickleMachine {
  /** What a kind of pickle may contain beyond plain containers. */
  interface Dialect {
    /** Fails unless the name is known. */
    void checkGlobal(String name, long offset);

    /** The value of calling a global. */
    PickleValue call(PickleValue callee, List<PickleValue> arguments, long offset);

    /** The value of making an instance of a class without calling its constructor. */
    PickleValue instance(PickleValue callee, List<PickleValue> arguments, long offset);

    /** Sets the state of a value that {@link #call} made. */
    void build(PickleValue target, PickleValue state, long offset);

    /** The value that a persistent id stands for. */
    PickleValue persistent(PickleValue id, long offset);
  }

  private static final long LONGEST_DECODED_TEXT = 64 << 10;
  private static final int LONGEST_INTEGER = 64;
  private static final int SMALL_INTS = 256;
  private static final PickleValue.Int[] SMALL = new PickleValue.Int[SMALL_INTS];

  /** Narrower than what Java takes for a number. */
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?[0-9]++(\\.[0-9]*+)?([eE][+-]?[0-9]++)?");

  private static final PickleValue.Bool TRUE = new PickleValue.Bool(true);
  private static final PickleValue.Bool FALSE = new PickleValue.Bool(false);
  private static final PickleValue.Tuple EMPTY = new PickleValue.Tuple(List.of());

  static {
    Arrays.setAll(SMALL, PickleValue.Int::new);
  }

  private final ByteCursor in;
  private final Dialect dialect;
  private final ReadingBudget budget;
  private final PickleStack stack;

  PickleMachine(ByteCursor in, Dialect dialect, ReadingBudget budget) {
    this.in = in;
    this.dialect = dialect;
    this.budget = budget;
    this.stack = new PickleStack(budget);
  }

  /** Reads up to and with the opcode STOP. */
  PickleValue run() {
    while (true) {
      long offset = in.offset();
      PickleOpcode opcode =
          PickleOpcode.of(in.u8("the pickle (which ends with the opcode STOP)"), offset);
      if (opcode == STOP) {
        return stack.pop(opcode, offset);
      }
      step(opcode, offset);
    }
  }

  private void step(PickleOpcode opcode, long offset) {
    switch (opcode) {
      case PROTO -> checkProtocol(in.u8("PROTO"), offset);
      // A frame is a hint for buffering. Large byte strings lie between frames, so it bounds
      // nothing.
      case FRAME -> in.i64("FRAME");
      case MARK -> stack.mark(offset);
      case POP -> stack.drop(offset);
      case POP_MARK -> stack.popToMark(opcode, offset);
      case DUP -> stack.push(stack.top(opcode, offset), offset);
      case MEMOIZE -> stack.memoize(opcode, offset);
      case PUT -> stack.put(opcode, decimal(opcode, offset).longValue(), offset);
      case BINPUT -> stack.put(opcode, in.u8("BINPUT"), offset);
      case LONG_BINPUT -> stack.put(opcode, in.u32("LONG_BINPUT"), offset);
      case GET -> stack.get(decimal(opcode, offset).longValue(), offset);
      case BINGET -> stack.get(in.u8("BINGET"), offset);
      case LONG_BINGET -> stack.get(in.u32("LONG_BINGET"), offset);
      case APPEND, APPENDS, SETITEM, SETITEMS, ADDITEMS -> extend(opcode, offset);
      case BUILD -> {
        PickleValue state = stack.pop(opcode, offset);
        dialect.build(stack.top(opcode, offset), state, offset);
      }
      default -> stack.push(value(opcode, offset), offset);
    }
  }

  private static void checkProtocol(int protocol, long offset) {
    if (protocol < 2 || protocol > 5) {
      throw new Malformed(
          offset, "pickle protocol " + protocol + " is not supported; network files use 2 to 5.");
    }
  }

  /** The value that an opcode pushes. */
  private PickleValue value(PickleOpcode opcode, long offset) {
    return switch (opcode) {
      case NONE -> PickleValue.None.NONE;
      case NEWTRUE -> TRUE;
      case NEWFALSE -> FALSE;
      case INT, LONG, BININT, BININT1, BININT2, LONG1, LONG4 -> integer(opcode, offset);
      case FLOAT -> real(offset);
      case BINFLOAT -> new PickleValue.Real(in.bigEndianDouble("BINFLOAT"));
      case SHORT_BINUNICODE -> text(in.u8("SHORT_BINUNICODE"), offset);
      case BINUNICODE -> text(in.u32("BINUNICODE"), offset);
      case BINUNICODE8 -> text(in.i64("BINUNICODE8"), offset);
      case SHORT_BINBYTES -> bytes(in.u8("SHORT_BINBYTES"), opcode);
      case BINBYTES -> bytes(in.u32("BINBYTES"), opcode);
      case BINBYTES8 -> bytes(in.i64("BINBYTES8"), opcode);
      case BYTEARRAY8 -> bytes(in.i64("BYTEARRAY8"), opcode);
      case SHORT_BINSTRING -> bytes(in.u8("SHORT_BINSTRING"), opcode);
      case BINSTRING -> bytes(in.i32("BINSTRING"), opcode);
      case EMPTY_TUPLE -> EMPTY;
      case TUPLE -> new PickleValue.Tuple(stack.popToMark(opcode, offset));
      case TUPLE1, TUPLE2, TUPLE3 -> tuple(opcode, offset);
      case EMPTY_LIST -> new PickleValue.Sequence();
      case LIST ->
          extended(new PickleValue.Sequence(), stack.popToMark(opcode, offset), opcode, offset);
      case EMPTY_DICT -> new PickleValue.Dict();
      case DICT ->
          extended(new PickleValue.Dict(), stack.popToMark(opcode, offset), opcode, offset);
      case EMPTY_SET -> new PickleValue.Keys();
      case GLOBAL -> global(in.line("GLOBAL"), in.line("GLOBAL"), offset);
      case STACK_GLOBAL -> stackGlobal(offset);
      case REDUCE, NEWOBJ, NEWOBJ_EX -> call(opcode, offset);
      case BINPERSID -> dialect.persistent(stack.pop(opcode, offset), offset);
      default ->
          throw new Malformed(
              offset, "the opcode " + opcode + " is refused: network files do not use it.");
    };
  }

  private PickleValue integer(PickleOpcode opcode, long offset) {
    return switch (opcode) {
      case BININT -> integer(in.i32("BININT"));
      case BININT1 -> integer(in.u8("BININT1"));
      case BININT2 -> integer(in.u16("BININT2"));
      case LONG1 -> longInteger(in.u8("LONG1"), offset);
      case LONG4 -> longInteger(in.i32("LONG4"), offset);
      default -> decimal(offset, in.line(opcode.name()), opcode);
    };
  }

  private static PickleValue integer(long value) {
    return value >= 0 && value < SMALL_INTS ? SMALL[(int) value] : new PickleValue.Int(value);
  }

  private static PickleValue integer(BigInteger value) {
    return value.bitLength() < 64 ? integer(value.longValue()) : new PickleValue.BigInt(value);
  }

  private PickleValue longInteger(int size, long offset) {
    if (size < 0 || size > LONGEST_INTEGER) {
      throw new Malformed(
          offset, "an integer of " + size + " bytes is refused; network files hold 64 at most.");
    }
    byte[] little = in.slice(size, "an integer").toArray(ValueLayout.JAVA_BYTE);
    byte[] big = new byte[size + 1];
    for (int i = 0; i < size; i++) {
      big[size - i] = little[i];
    }
    big[0] = (byte) (size > 0 && little[size - 1] < 0 ? -1 : 0);
    return integer(new BigInteger(big));
  }

  /** INT and LONG: decimal text; {@code I00} and {@code I01} are truth values. */
  private static PickleValue decimal(long offset, String line, PickleOpcode opcode) {
    if (opcode == INT && line.equals("00")) {
      return FALSE;
    }
    if (opcode == INT && line.equals("01")) {
      return TRUE;
    }
    return integer(
        parse(
            opcode == LONG && line.endsWith("L") ? line.substring(0, line.length() - 1) : line,
            offset));
  }

  private BigInteger decimal(PickleOpcode opcode, long offset) {
    BigInteger value = parse(in.line(opcode.name()), offset);
    if (value.signum() < 0 || value.bitLength() > 32) {
      throw new Malformed(
          offset, "the memo index " + Quoted.bare(value.toString()) + " is out of range.");
    }
    return value;
  }

  private static BigInteger parse(String line, long offset) {
    if (line.length() <= 2 * LONGEST_INTEGER) {
      try {
        return new BigInteger(line);
      } catch (NumberFormatException e) {
        throw new Malformed(offset, Quoted.of(line) + " is not an integer.");
      }
    }
    throw new Malformed(
        offset,
        "an integer of " + line.length() + " digits is refused; network files hold 128 at most.");
  }

  private PickleValue real(long offset) {
    String line = in.line("FLOAT");
    if (!DECIMAL.matcher(line).matches()) {
      throw new Malformed(offset, Quoted.of(line) + " is not a number.");
    }
    return new PickleValue.Real(Double.parseDouble(line));
  }

  private PickleValue text(long size, long offset) {
    MemorySegment utf8 = in.slice(size, "a text");
    if (size > LONGEST_DECODED_TEXT) {
      return new PickleValue.LongText(utf8);
    }
    budget.text(size, offset);
    try {
      ByteBuffer encoded = ByteBuffer.wrap(utf8.toArray(ValueLayout.JAVA_BYTE));
      return new PickleValue.Text(
          utf8, StandardCharsets.UTF_8.newDecoder().decode(encoded).toString());
    } catch (CharacterCodingException e) {
      throw new Malformed(
          offset, "a text of " + size + " bytes is not UTF-8; the file is damaged.");
    }
  }

  private PickleValue bytes(long size, PickleOpcode opcode) {
    MemorySegment data = in.slice(size, opcode.name());
    return new PickleValue.Bytes(data, in.offsetOfLast(size), in.inFile());
  }

  private PickleValue tuple(PickleOpcode opcode, long offset) {
    int size = opcode.code() - TUPLE1.code() + 1;
    PickleValue[] items = new PickleValue[size];
    for (int i = size - 1; i >= 0; i--) {
      items[i] = stack.pop(opcode, offset);
    }
    return new PickleValue.Tuple(List.of(items));
  }

  private void extend(PickleOpcode opcode, long offset) {
    List<PickleValue> items =
        switch (opcode) {
          case APPEND -> List.of(stack.pop(opcode, offset));
          case SETITEM -> {
            PickleValue value = stack.pop(opcode, offset);
            yield List.of(stack.pop(opcode, offset), value);
          }
          default -> stack.popToMark(opcode, offset);
        };
    extended(stack.top(opcode, offset), items, opcode, offset);
  }

  /** Adds items to the kind of container that an opcode is for. */
  private PickleValue extended(
      PickleValue target, List<PickleValue> items, PickleOpcode opcode, long offset) {
    switch (opcode) {
      case APPEND, APPENDS, LIST -> {
        if (target instanceof PickleValue.Sequence list) {
          items.forEach(list::add);
          return target;
        }
      }
      case ADDITEMS -> {
        if (target instanceof PickleValue.Keys set) {
          items.forEach(item -> set.add(PickleValues.key(item, set.keys(), budget, offset)));
          return target;
        }
      }
      default -> {
        if (target instanceof PickleValue.Dict dict && items.size() % 2 == 0) {
          for (int i = 0; i < items.size(); i += 2) {
            Object key = PickleValues.key(items.get(i), dict.entries().keySet(), budget, offset);
            dict.put(key, items.get(i + 1));
          }
          return target;
        }
      }
    }
    throw new Malformed(
        offset,
        opcode
            + " is applied to "
            + PickleValues.kind(target)
            + " with "
            + items.size()
            + " items; the file is damaged.");
  }

  private PickleValue stackGlobal(long offset) {
    PickleValue name = stack.pop(STACK_GLOBAL, offset);
    PickleValue module = stack.pop(STACK_GLOBAL, offset);
    return global(PickleValues.text(module, offset), PickleValues.text(name, offset), offset);
  }

  private PickleValue global(String module, String name, long offset) {
    String full = module + "." + name;
    dialect.checkGlobal(full, offset);
    return new PickleValue.Global(full);
  }

  private PickleValue call(PickleOpcode opcode, long offset) {
    if (opcode == NEWOBJ_EX) {
      PickleValue keywords = stack.pop(opcode, offset);
      if (!(keywords instanceof PickleValue.Dict dict) || !dict.entries().isEmpty()) {
        throw new Malformed(
            offset, "NEWOBJ_EX with keyword arguments is refused: network files do not use it.");
      }
    }
    PickleValue arguments = stack.pop(opcode, offset);
    PickleValue callee = stack.pop(opcode, offset);
    if (!(arguments instanceof PickleValue.Tuple tuple)) {
      throw new Malformed(
          offset,
          opcode
              + " needs a tuple of arguments, but there is "
              + PickleValues.kind(arguments)
              + ".");
    }
    return opcode == REDUCE
        ? dialect.call(callee, tuple.items(), offset)
        : dialect.instance(callee, tuple.items(), offset);
  }
}
