package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.aliasfree.AliasFreeException;
import org.aliasfree.file.AtomicFile;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * The content of a <a href="https://huggingface.co/docs/safetensors">safetensors</a> file: tensors
 * by name and text metadata, both in the order of the file's header. Element types F16, F32, F64,
 * I32, I64 and U8 are supported; BOOL is read as U8.
 *
 * <p>Tensors that were read are slices of the mapped file. The mapping lasts as long as any of them
 * is reachable; the file must not be cut short meanwhile (writing through {@link #write} replaces
 * the file and is safe).
 *
 * @param tensors by name
 * @param metadata free text by name
 */
public record Safetensors(Map<String, HostTensor> tensors, Map<String, String> metadata) {
  /** Keeps copies that cannot be changed. */
  public Safetensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    if (tensors.containsKey(SafetensorsHeader.METADATA)) {
      throw new AliasFreeException(
          "A tensor is named "
              + SafetensorsHeader.METADATA
              + ", which safetensors files keep for the metadata; rename it.");
    }
  }

  /** Tensors without metadata. */
  public Safetensors(Map<String, HostTensor> tensors) {
    this(tensors, Map.of());
  }

  /**
   * Maps a file and checks all of its header: that tensors lie in the file, fill it without overlap
   * or gap, and have as many bytes as type and shape say.
   *
   * @throws NetworkFileException when the file is missing, cut short, or breaks a rule of the
   *     format, or when a tensor has another element type
   */
  public static Safetensors read(Path path) {
    MappedFile file = MappedFile.open(path);
    try {
      return SafetensorsHeader.read(file.bytes());
    } catch (Malformed e) {
      throw new NetworkFileException(path, e);
    }
  }

  /** The tensor of a name; fails, naming it, when there is none. */
  public HostTensor tensor(String name) {
    HostTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AliasFreeException(
          "There is no tensor \"" + name + "\" among the " + tensors.size() + " of the file.");
    }
    return tensor;
  }

  /**
   * Writes a file, or replaces one in a single step. When that fails (disk full, no such folder, no
   * permission) nothing is left behind and an earlier file stays as it was.
   */
  public void write(Path path) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> types.put(name, tensor.type()));
    write(path, types, metadata, this::tensor);
  }

  /**
   * As {@link #write(Path)}, of tensors that are made one after the other and need not all be in
   * memory.
   *
   * @param types of the tensors by name
   * @param values gives a tensor by its name; it is asked once for each
   */
  public static void write(
      Path path,
      Map<String, TensorType> types,
      Map<String, String> metadata,
      Function<String, HostTensor> values) {
    SafetensorsHeader.Layout layout = SafetensorsHeader.layout(types, metadata);
    AtomicFile.write(
        path,
        ChannelOutput.content(
            out -> {
              MemorySegment header = layout.header();
              ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
              out.write(length.putLong(header.byteSize()).array());
              out.write(header);
              for (String name : layout.dataOrder()) {
                HostTensor tensor = values.apply(name);
                if (!tensor.type().equals(types.get(name))) {
                  throw new AliasFreeException(
                      "The tensor "
                          + name
                          + " is "
                          + tensor.type()
                          + ", not "
                          + types.get(name)
                          + " as was said.");
                }
                out.write(tensor.data());
              }
            }));
  }
}
