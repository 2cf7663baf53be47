package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledNetworksTest {
  private static final String SERVICE = "META-INF/services/" + BundledNetwork.class.getName();

  private static final Path PICKLE =
      Path.of(System.getProperty("aliasfree.goldens"), "pickles/sg3t_32.pkl");

  @TempDir private Path folder = Path.of("");

  /** A network whose file is what the subclass says. */
  abstract static class Network implements BundledNetwork {
    @Override
    public String name() {
      return "one";
    }

    @Override
    public String description() {
      return "nothing";
    }

    @Override
    public String pictures() {
      return "none";
    }
  }

  /** Good. */
  public static final class Good extends Network {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(PICKLE);
    }
  }

  /** Has the name of another. */
  public static final class Same extends Network {
    @Override
    public InputStream open() throws IOException {
      throw new FileNotFoundException("the jar lacks one.safetensors");
    }
  }

  /** Is named as no network may be. */
  public static final class Misnamed extends Network {
    @Override
    public String name() {
      return "../x\n";
    }

    @Override
    public InputStream open() {
      return InputStream.nullInputStream();
    }
  }

  /**
   * Stands for jars with these providers and no others. It makes the classes of this test anew,
   * since a provider in a module counts only where the module says so.
   */
  private static final class Jars extends ClassLoader {
    private final URL services;

    Jars(URL services) {
      super(BundledNetworksTest.class.getClassLoader());
      this.services = services;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals(SERVICE)
          ? Collections.enumeration(List.of(services))
          : super.getResources(name);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null || !name.startsWith(BundledNetworksTest.class.getName())) {
        return loaded != null ? loaded : super.loadClass(name, resolve);
      }
      String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
      try (InputStream in = BundledNetworksTest.class.getResourceAsStream(file)) {
        byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private <T> T with(List<String> providers, Supplier<T> work) throws IOException {
    Path services = Files.writeString(folder.resolve("services"), String.join("\n", providers));
    Thread thread = Thread.currentThread();
    ClassLoader usual = thread.getContextClassLoader();
    thread.setContextClassLoader(new Jars(services.toUri().toURL()));
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(usual);
    }
  }

  private String refusal(List<String> providers, Supplier<?> work) throws IOException {
    try {
      return with(providers, () -> "no refusal but " + work.get());
    } catch (AliasFreeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void aNetworkInAJarIsFoundByNameAndReadAsAFileIs() throws IOException {
    List<String> one = List.of(Good.class.getName());
    assertThat(with(one, () -> BundledNetworks.find("one")).getClass().getName())
        .isEqualTo(Good.class.getName());
    assertThat(with(one, BundledNetworks::first).name()).isEqualTo("one");
    Path copy = folder.resolve("copy.safetensors");
    NetworkFile.read(PICKLE).write(copy);
    NetworkFile file =
        BundledNetworks.read(
            new Network() {
              @Override
              public InputStream open() throws IOException {
                return Files.newInputStream(copy);
              }
            });
    StoredNetwork expected = NetworkFile.read(PICKLE).network("G_ema");
    StoredNetwork read = file.network("G_ema");
    assertThat(read.modules()).isEqualTo(expected.modules());
    for (String name : expected.tensors().keySet()) {
      HostTensor tensor = read.tensor(name);
      assertThat(tensor.type()).isEqualTo(expected.tensor(name).type());
      assertThat(tensor.data().mismatch(expected.tensor(name).data())).as(name).isEqualTo(-1);
    }
  }

  @Test
  void whatCannotBeChosenIsOneClearLine() throws IOException {
    assertThat(refusal(List.of(), BundledNetworks::first))
        .isEqualTo(
            "no network was chosen, and none comes with this installation; name a file, or add the artifact"
                + " aliasfree-network-portraits.");
    assertThat(refusal(List.of(), () -> BundledNetworks.find("x"))).contains("there is none: add");
    assertThat(refusal(List.of(Good.class.getName()), () -> BundledNetworks.find("two\n")))
        .isEqualTo("no network comes with this installation as \"two\\u000a\"; there are: one.");
    assertThat(refusal(List.of(Good.class.getName(), Same.class.getName()), BundledNetworks::list))
        .isEqualTo("Two bundled networks are called one; remove the jar of one.");
    assertThat(refusal(List.of(Misnamed.class.getName()), BundledNetworks::list))
        .contains("small letters, digits and dashes")
        .hasLineCount(1);
    assertThat(refusal(List.of("no.such.Network"), BundledNetworks::list))
        .contains("no.such.Network", "Remove its jar")
        .hasLineCount(1);
  }

  @Test
  void missingAndDamagedContentIsOneLineThatNamesTheNetwork() {
    assertThatThrownBy(() -> BundledNetworks.read(new Same()))
        .isInstanceOf(NetworkFileException.class)
        .hasMessage(
            "one.safetensors: the bundled network cannot be read: the jar lacks one.safetensors.");
    assertThatThrownBy(() -> BundledNetworks.read(new Good()))
        .as("a pickle under the name of a safetensors file")
        .isInstanceOf(NetworkFileException.class);
    Stream.of(new byte[0], new byte[5], "{}".getBytes(StandardCharsets.UTF_8), new byte[4000])
        .forEach(
            bytes ->
                assertThatThrownBy(
                        () ->
                            BundledNetworks.read(
                                new Network() {
                                  @Override
                                  public InputStream open() {
                                    return new ByteArrayInputStream(bytes);
                                  }
                                }))
                    .isInstanceOf(NetworkFileException.class)
                    .hasMessageStartingWith("one.safetensors: byte ")
                    .message()
                    .hasLineCount(1));
  }
}
