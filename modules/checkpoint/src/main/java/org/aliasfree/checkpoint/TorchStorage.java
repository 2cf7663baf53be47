package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stream in which a torch storage is kept inside a pickle: four small pickles (magic number,
 * version, system, the storage's description as a persistent id), a fifth with its key, the number
 * of elements, the elements.
 */
final class TorchStorage implements PickleMachine.Dialect {
  static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  static final long VERSION = 1001;
  private static final String PREFIX = "torch.";

  private @Nullable String key;
  private long numel;

  private TorchStorage() {}

  /** The storage in a stream; its elements share the stream's memory. */
  static PickleValue.Storage read(PickleValue.Bytes stream, ReadingBudget budget) {
    try {
      return read(new ByteCursor(stream.data(), stream.offset(), stream.inFile()), budget);
    } catch (Malformed e) {
      throw new Malformed(e.offset(), "in a torch storage: " + e.reason());
    }
  }

  private static PickleValue.Storage read(ByteCursor in, ReadingBudget budget) {
    TorchStorage dialect = new TorchStorage();
    PickleValue magic = new PickleMachine(in, dialect, budget).run();
    if (!(magic instanceof PickleValue.BigInt(BigInteger number)) || !number.equals(MAGIC)) {
      throw new Malformed(in.offset(), "the stream does not start with torch's magic number.");
    }
    long version = PickleValues.integer(new PickleMachine(in, dialect, budget).run(), in.offset());
    if (version != VERSION) {
      throw new Malformed(in.offset(), "version " + version + " is not supported; 1001 is.");
    }
    PickleValue system = new PickleMachine(in, dialect, budget).run();
    if (system instanceof PickleValue.Dict dict
        && dict.get("little_endian") instanceof PickleValue.Bool(boolean little)
        && !little) {
      throw new Malformed(
          in.offset(), "the elements are big-endian; little-endian ones are supported.");
    }
    if (!(new PickleMachine(in, dialect, budget).run() instanceof PickleValue.Storage described)) {
      throw new Malformed(in.offset(), "the stream does not describe a storage.");
    }
    dialect.checkKey(new PickleMachine(in, dialect, budget).run(), in.offset());
    return dialect.elements(in, described);
  }

  /** The stream must hold the elements of the one storage that it describes. */
  private void checkKey(PickleValue keys, long offset) {
    if (!(keys instanceof PickleValue.Sequence list)
        || list.items().size() != 1
        || !PickleValues.text(list.items().getFirst(), offset).equals(key)) {
      throw new Malformed(offset, "the stream does not list the storage that it describes.");
    }
  }

  private PickleValue.Storage elements(ByteCursor in, PickleValue.Storage described) {
    long count = in.i64("the number of elements");
    int size = described.element().bytes();
    if (count != numel) {
      throw new Malformed(
          in.offset(),
          "the storage is described with " + numel + " elements, but has " + count + ".");
    }
    if (count < 0 || count > in.remaining() / size) {
      throw new Malformed(
          in.offset(),
          "the storage says that it has "
              + Long.toUnsignedString(count)
              + " elements of "
              + size
              + " bytes, but only "
              + in.remaining()
              + " bytes are left.");
    }
    return new PickleValue.Storage(described.storageClass(), in.slice(count * size, "elements"));
  }

  @Override
  public void checkGlobal(String name, long offset) {
    if (!name.startsWith(PREFIX)
        || ElementType.ofStorage(name.substring(PREFIX.length())) == null) {
      throw new Malformed(
          offset,
          "the type is "
              + Quoted.bare(name)
              + "; torch.FloatStorage, Double, Half, BFloat16, Long, Int, Short, Char, Byte and Bool are supported, and nothing was run.");
    }
  }

  @Override
  public PickleValue persistent(PickleValue id, long offset) {
    if (id instanceof PickleValue.Tuple(List<PickleValue> items)
        && items.size() >= 5
        && PickleValues.text(items.get(0), offset).equals("storage")
        && items.get(1) instanceof PickleValue.Global(String type)
        && (items.size() == 5 || items.get(5) == PickleValue.None.NONE)) {
      key = PickleValues.text(items.get(2), offset);
      numel = PickleValues.integer(items.get(4), offset);
      return new PickleValue.Storage(type.substring(PREFIX.length()), MemorySegment.NULL);
    }
    throw new Malformed(offset, "the storage's description is not of the supported form.");
  }

  @Override
  public PickleValue call(PickleValue callee, List<PickleValue> arguments, long offset) {
    throw new Malformed(offset, PickleValues.kind(callee) + " is called, which is refused.");
  }

  @Override
  public PickleValue instance(PickleValue callee, List<PickleValue> arguments, long offset) {
    return call(callee, arguments, offset);
  }

  @Override
  public void build(PickleValue target, PickleValue state, long offset) {
    throw new Malformed(offset, "BUILD is refused.");
  }
}
