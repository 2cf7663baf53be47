package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden pickles, which are of protocol 4, written anew as other protocols have it. */
class PickleProtocolsTest {
  @ParameterizedTest
  @CsvSource({
    "2, sg3t_32",
    "2, sg2_32",
    "2, sg2_32_cond4",
    "3, sg2_32",
    "3, sg2_32_cond4",
    "5, sg2_32",
    "5, sg2_32_cond4",
    "3, sg3t_32",
    "5, sg3t_32",
    "2, sg3r_64_cond3",
    "3, sg3r_64_cond3",
    "5, sg3r_64_cond3"
  })
  void everyProtocolGivesTheSameNetworks(int protocol, String name) throws IOException {
    Path file = Path.of(System.getProperty("aliasfree.goldens"), "pickles", name + ".pkl");
    byte[] encoded = PickleRecoder.recode(Files.readAllBytes(file), protocol);
    NetworkFile expected = NetworkFile.read(file);
    NetworkFile got =
        NetworkFile.read(new MappedFile(Path.of("recoded.pkl"), MemorySegment.ofArray(encoded)));
    assertThat(got.names()).containsExactlyElementsOf(expected.names());
    assertThat(got.entries()).isEqualTo(expected.entries());
    for (String network : expected.names()) {
      StoredNetwork before = expected.network(network);
      StoredNetwork after = got.network(network);
      assertThat(after.modules()).isEqualTo(before.modules());
      assertThat(after.tensors().keySet()).containsExactlyElementsOf(before.tensors().keySet());
      before
          .tensors()
          .forEach(
              (tensor, data) ->
                  assertThat(after.tensor(tensor).data().mismatch(data.data()))
                      .as(tensor)
                      .isEqualTo(-1));
    }
  }
}
