package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NumpyArchiveTest {
  @TempDir private Path temp;

  private Path zip(String entry, byte[] content) throws IOException {
    Path file = temp.resolve("a.npz");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      out.putNextEntry(new ZipEntry(entry));
      out.write(content);
    }
    return file;
  }

  private static byte[] npy(String header, int dataBytes) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(HexFormat.of().parseHex("934e554d50590100"));
    out.write(header.length());
    out.write(header.length() >> 8);
    out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(new byte[dataBytes]);
    return out.toByteArray();
  }

  /** What numpy.lib.format writes for np.arange(3, dtype='<f4').reshape(1, 3). */
  @Test
  void whatNumpyWritesIsRead() throws IOException {
    byte[] saved =
        HexFormat.of()
            .parseHex(
                "934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f7264657227"
                    + "3a2046616c73652c20277368617065273a2028312c2033292c207d"
                    + "20".repeat(58)
                    + "0a000000000000803f00000040");
    HostTensor w = NumpyArchive.read(zip("w.npy", saved)).tensor("w");
    assertThat(w.type()).isEqualTo(TensorType.f32(1, 3));
    assertThat(w.get(2)).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void whatIsWrittenIsReadAgain(DType dtype) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (long[] shape : new long[][] {{}, {0}, {5}, {2, 3}, {2, 1, 4}}) {
      HostTensor tensor = HostTensor.allocate(TensorType.of(dtype, shape));
      for (long i = 0; i < tensor.type().elements(); i++) {
        tensor.set(i, i + 1.0);
      }
      tensors.put("a" + shape.length + "_" + tensor.type().elements(), tensor);
    }
    Path file = temp.resolve("b.npz");
    new NumpyArchive(tensors).write(file);
    NumpyArchive read = NumpyArchive.read(file);
    assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach(
        (name, tensor) -> {
          HostTensor got = read.tensor(name);
          assertThat(got.type()).isEqualTo(tensor.type());
          assertThat(got.data().mismatch(tensor.data())).isEqualTo(-1);
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "{'descr': '>f4', 'fortran_order': False, 'shape': (2,), } ~ 8 ~ >f4",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), } ~ 8 ~ |O",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), } ~ 16 ~ Fortran",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } ~ 8 ~ 12 bytes",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } ~ 8 ~ more",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), } ~ 8 ~ understood",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999, 9999999999), } ~ 8 ~ too large",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999,), } ~ 8 ~ at most",
        "__import__('os').system('true') ~ 8 ~ understood"
      })
  void headersThatLieAreRefusedInOneLine(String header, int bytes, String reason)
      throws IOException {
    Path file = zip("w.npy", npy(header.strip(), bytes));
    assertThatThrownBy(() -> NumpyArchive.read(file))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("w.npy")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  @Test
  void whatIsNoArchiveOfArraysIsRefused() throws IOException {
    Path text = Files.writeString(temp.resolve("text.npz"), "not a zip");
    assertThatThrownBy(() -> NumpyArchive.read(text))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("no .npz archive");
    assertThatThrownBy(() -> NumpyArchive.read(temp.resolve("none.npz")))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("no such file");
    Path other = zip("w.txt", new byte[3]);
    assertThatThrownBy(() -> NumpyArchive.read(other)).hasMessageContaining("w.txt");
    Path empty = zip("w.npy", new byte[3]);
    assertThatThrownBy(() -> NumpyArchive.read(empty)).hasMessageContaining("does not begin");
  }

  /** A kilobyte of zip that unpacks to far more than its array needs. */
  @Test
  void bombsAreNotUnpacked() throws IOException {
    Path file =
        zip("w.npy", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", 100_000_000));
    assertThat(Files.size(file)).isLessThan(200_000);
    assertThatThrownBy(() -> NumpyArchive.read(file)).hasMessageContaining("more");
  }
}
