package org.aliasfree.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.aliasfree.tensor.HostTensor;

/** Writes tensors into a pickle as torch's own; {@link TorchStorage} reads them. */
final class TorchTensor {
  /** Each stream holds one storage, so one key serves all. */
  private static final String KEY = "0";

  private TorchTensor() {}

  /** A {@code torch.nn.Parameter} that is not being trained. */
  static void writeParameter(PickleWriter pickle, ChannelOutput out, HostTensor tensor)
      throws IOException {
    pickle.call(
        "torch._utils",
        "_rebuild_parameter",
        () -> {
          write(pickle, out, tensor);
          pickle.value(false);
          hooks(pickle);
        });
  }

  /**
   * A {@code torch.Tensor}. Its elements go from where they are to the file.
   *
   * @param out where the pickle is written to
   */
  static void write(PickleWriter pickle, ChannelOutput out, HostTensor tensor) throws IOException {
    long[] sizes = tensor.shape().toArray();
    pickle.call(
        "torch._utils",
        "_rebuild_tensor_v2",
        () -> {
          pickle.call("torch.storage", "_load_from_bytes", () -> storage(pickle, out, tensor));
          pickle.integer(0);
          integers(pickle, sizes);
          integers(pickle, StridedArray.denseStrides(sizes, false));
          pickle.value(false);
          hooks(pickle);
        });
  }

  private static void integers(PickleWriter pickle, long[] values) throws IOException {
    pickle.tuple(
        () -> {
          for (long value : values) {
            pickle.integer(value);
          }
        });
  }

  private static void hooks(PickleWriter pickle) throws IOException {
    pickle.call("collections", "OrderedDict", () -> {});
  }

  private static void storage(PickleWriter pickle, ChannelOutput out, HostTensor tensor)
      throws IOException {
    byte[] description = description(tensor);
    pickle.bytes(description.length + tensor.type().bytes());
    out.write(description);
    out.write(tensor.data());
  }

  /** The five pickles before the elements, and how many elements there are. */
  private static byte[] description(HostTensor tensor) throws IOException {
    long count = tensor.type().elements();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    PickleWriter magic = new PickleWriter(stream, 2);
    magic.bigInteger(TorchStorage.MAGIC);
    magic.stop();
    PickleWriter version = new PickleWriter(stream, 2);
    version.integer(TorchStorage.VERSION);
    version.stop();
    PickleWriter system = new PickleWriter(stream, 2);
    system.dict(
        () -> {
          system.entry("protocol_version", () -> system.integer(TorchStorage.VERSION));
          system.entry("little_endian", () -> system.value(true));
          system.entry("type_sizes", () -> typeSizes(system));
        });
    system.stop();
    PickleWriter storage = new PickleWriter(stream, 2);
    storage.tuple(
        () -> {
          storage.text("storage");
          storage.global("torch", ElementType.of(tensor.dtype()).storageClass());
          storage.text(KEY);
          storage.text("cpu");
          storage.integer(count);
          storage.value(null);
        });
    storage.op(PickleOpcode.BINPERSID);
    storage.stop();
    PickleWriter keys = new PickleWriter(stream, 2);
    keys.value(java.util.List.of(KEY));
    keys.stop();
    stream.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(count).array());
    return stream.toByteArray();
  }

  private static void typeSizes(PickleWriter system) throws IOException {
    system.dict(
        () -> {
          system.entry("short", () -> system.integer(2));
          system.entry("int", () -> system.integer(4));
          system.entry("long", () -> system.integer(4));
        });
  }
}
