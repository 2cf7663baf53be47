package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Whatever is written is read back, bit for bit and in order. */
class SafetensorsProperties {
  record Drawn(String name, TensorType type, long seed) {}

  @Provide
  Arbitrary<List<Drawn>> tensors() {
    Arbitrary<long[]> sizes = Arbitraries.longs().between(0, 5).array(long[].class).ofMaxSize(4);
    Arbitrary<Drawn> one =
        Combinators.combine(names(), Arbitraries.of(DType.class), sizes, Arbitraries.longs())
            .as((name, dtype, shape, seed) -> new Drawn(name, TensorType.of(dtype, shape), seed));
    return one.list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().ofMaxLength(12).filter(SafetensorsProperties::encodable);
  }

  /** Half of a surrogate pair is no text. */
  private static boolean encodable(String text) {
    return !text.equals("__metadata__")
        && java.nio.charset.StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  @Provide
  Arbitrary<Map<String, String>> metadata() {
    return Arbitraries.maps(names(), names()).ofMaxSize(4);
  }

  @Property(tries = 200)
  void roundTripIsExact(
      @ForAll("tensors") List<Drawn> drawn, @ForAll("metadata") Map<String, String> metadata)
      throws IOException {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (Drawn one : drawn) {
      HostTensor tensor = HostTensor.allocate(one.type());
      byte[] bytes = new byte[Math.toIntExact(one.type().bytes())];
      new Random(one.seed()).nextBytes(bytes);
      tensor.data().asByteBuffer().put(bytes);
      tensors.put(one.name(), tensor);
    }
    Path file = Files.createTempFile("round-trip", ".safetensors");
    try {
      new Safetensors(tensors, metadata).write(file);
      Safetensors read = Safetensors.read(file);
      assertThat(read.metadata()).isEqualTo(metadata);
      assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
      tensors.forEach(
          (name, tensor) -> {
            assertThat(read.tensor(name).type()).isEqualTo(tensor.type());
            assertThat(read.tensor(name).data().mismatch(tensor.data())).isEqualTo(-1);
          });
    } finally {
      Files.delete(file);
    }
  }
}
