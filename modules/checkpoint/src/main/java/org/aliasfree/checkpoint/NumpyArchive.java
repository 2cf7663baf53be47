package org.aliasfree.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.file.AtomicFile;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * NumPy's {@code .npz}: a zip archive with an array in each entry, in the <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">.npy format</a>.
 * The original's tools keep intermediate latents in such files. Arrays of f16, f32, f64, i32, i64
 * and u8 are read, little-endian and in C order; arrays of objects, which would be pickles, never.
 *
 * @param tensors by name, without {@code .npy}
 */
public record NumpyArchive(Map<String, HostTensor> tensors) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_ENTRIES = 1000;
  private static final int LONGEST_HEADER = 1 << 16;

  /** Of all arrays together: a zip of a kilobyte can claim gigabytes. */
  private static final long MOST_BYTES = 1L << 30;

  private static final Pattern HEADER =
      Pattern.compile(
          "\\s*\\{\\s*'descr'\\s*:\\s*'(?<descr>[^']{1,20})'\\s*,"
              + "\\s*'fortran_order'\\s*:\\s*(?<fortran>True|False)\\s*,"
              + "\\s*'shape'\\s*:\\s*\\((?<shape>[0-9,\\s]{0,400})\\)\\s*,?\\s*}\\s*");

  /** Keeps a copy that cannot be changed. */
  public NumpyArchive {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** The tensor of a name; fails, naming it, when there is none. */
  public HostTensor tensor(String name) {
    HostTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AliasFreeException(
          "There is no array "
              + Quoted.of(name)
              + " in the file; it has "
              + Quoted.bare(String.join(", ", tensors.keySet()))
              + ".");
    }
    return tensor;
  }

  /**
   * Reads a file whole.
   *
   * @throws NetworkFileException when it is missing, damaged, or holds more than a gibibyte or
   *     arrays of other kinds
   */
  public static NumpyArchive read(Path path) {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      Map<String, HostTensor> tensors = new LinkedHashMap<>();
      long left = MOST_BYTES;
      for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        if (tensors.size() == MOST_ENTRIES) {
          throw new Malformed(-1, "the archive has more than " + MOST_ENTRIES + " arrays.");
        }
        String name = entry.getName();
        if (!name.endsWith(".npy")) {
          throw new Malformed(
              -1, "the entry " + Quoted.of(name) + " is no array: its name does not end in .npy.");
        }
        try (InputStream in = zip.getInputStream(entry)) {
          HostTensor tensor = array(in, left);
          left -= tensor.type().bytes();
          tensors.put(name.substring(0, name.length() - ".npy".length()), tensor);
        } catch (Malformed e) {
          throw new Malformed(-1, "the array " + Quoted.of(name) + ": " + e.reason());
        }
      }
      return new NumpyArchive(tensors);
    } catch (Malformed e) {
      throw new NetworkFileException(path, e);
    } catch (NoSuchFileException e) {
      throw new NetworkFileException(path, -1, "there is no such file.", e);
    } catch (IOException | IllegalArgumentException e) {
      throw new NetworkFileException(
          path, -1, "this is no .npz archive, or a damaged one: " + e.getMessage() + ".", e);
    }
  }

  private static HostTensor array(InputStream in, long most) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2
        || !java.util.Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new Malformed(-1, "it does not begin as the .npy format does.");
    }
    int version = start[MAGIC.length];
    if (version < 1 || version > 3) {
      throw new Malformed(-1, "it has version " + version + " of the format; 1 to 3 are known.");
    }
    int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
    byte[] lengthField = in.readNBytes(lengthBytes);
    if (lengthField.length < lengthBytes) {
      throw new Malformed(-1, "it ends in its header.");
    }
    ByteBuffer length = ByteBuffer.wrap(lengthField).order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = version == 1 ? length.getShort() & 0xffff : length.getInt();
    if (headerLength < 0 || headerLength > LONGEST_HEADER) {
      throw new Malformed(-1, "its header claims " + headerLength + " bytes.");
    }
    TensorType type = type(new String(in.readNBytes(headerLength), StandardCharsets.UTF_8));
    if (type.bytes() > most) {
      throw new Malformed(
          -1, "it is " + type + ", but an archive may hold " + MOST_BYTES + " bytes at most.");
    }
    byte[] data = in.readNBytes((int) type.bytes());
    if (data.length < type.bytes() || in.read() >= 0) {
      throw new Malformed(
          -1,
          "its header says "
              + type
              + ", "
              + type.bytes()
              + " bytes, but it has "
              + (data.length < type.bytes() ? String.valueOf(data.length) : "more")
              + ".");
    }
    return new HostTensor(type, MemorySegment.ofArray(data));
  }

  private static TensorType type(String header) {
    Matcher m = HEADER.matcher(header);
    if (!m.matches()) {
      throw new Malformed(
          -1, "its header cannot be understood: " + Quoted.of(header.strip()) + ".");
    }
    DType dtype =
        switch (m.group("descr")) {
          case "<f2" -> DType.F16;
          case "<f4" -> DType.F32;
          case "<f8" -> DType.F64;
          case "<i4" -> DType.I32;
          case "<i8" -> DType.I64;
          case "|u1", "u1", "<u1" -> DType.U8;
          default ->
              throw new Malformed(
                  -1,
                  "its elements are "
                      + Quoted.of(m.group("descr"))
                      + "; save it as float32, x.astype('<f4').");
        };
    String[] sizes = m.group("shape").strip().split("\\s*,\\s*", -1);
    int rank = sizes[sizes.length - 1].isEmpty() ? sizes.length - 1 : sizes.length;
    if (m.group("fortran").equals("True") && rank > 1) {
      throw new Malformed(
          -1, "it is in Fortran order; save it in C order, numpy.ascontiguousarray(x).");
    }
    long[] shape = new long[rank];
    long elements = 1;
    for (int i = 0; i < rank; i++) {
      if (!sizes[i].matches("\\d{1,10}")) {
        throw new Malformed(-1, "its shape is " + Quoted.of(m.group("shape")) + ".");
      }
      shape[i] = Long.parseLong(sizes[i]);
      if (shape[i] != 0 && elements > MOST_BYTES / shape[i]) {
        throw new Malformed(-1, "its shape (" + Quoted.bare(m.group("shape")) + ") is too large.");
      }
      elements *= shape[i];
    }
    return new TensorType(dtype, Shape.of(shape));
  }

  /**
   * Writes a file that NumPy reads, or replaces one in a single step. The same tensors give the
   * same bytes.
   */
  public void write(Path path) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, HostTensor> tensor : tensors.entrySet()) {
        ZipEntry entry = new ZipEntry(tensor.getKey() + ".npy");
        entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(header(tensor.getValue().type()));
        zip.write(tensor.getValue().data().toArray(ValueLayout.JAVA_BYTE));
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e); // memory does not fail
    }
    AtomicFile.write(path, bytes.toByteArray());
  }

  private static byte[] header(TensorType type) {
    String descr =
        switch (type.dtype()) {
          case F16 -> "<f2";
          case F32 -> "<f4";
          case F64 -> "<f8";
          case I32 -> "<i4";
          case I64 -> "<i8";
          case U8 -> "|u1";
        };
    StringBuilder shape = new StringBuilder("(");
    for (int i = 0; i < type.shape().rank(); i++) {
      shape.append(type.shape().dim(i)).append(i == 0 || i < type.shape().rank() - 1 ? ", " : "");
    }
    String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + "), }";
    // With the ten bytes before it and the line's end a multiple of 64.
    int length = Math.ceilDiv(text.length() + 11, 64) * 64 - 10;
    ByteBuffer header = ByteBuffer.allocate(length + 10).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    header.put(text.getBytes(StandardCharsets.US_ASCII));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }
}
