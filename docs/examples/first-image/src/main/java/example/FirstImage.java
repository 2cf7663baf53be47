package example;

import java.nio.file.Path;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.checkpoint.BundledNetworks;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.data.PngWriter;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Pixels;
import org.aliasfree.tensor.HostTensor;

/** Makes an image with the network that comes with AliasFree. */
public final class FirstImage {
  private FirstImage() {}

  /**
   * Writes {@code seed0042.png} into the current folder.
   *
   * @param args none
   */
  public static void main(String[] args) {
    GeneratorNetwork network =
        GeneratorFiles.load(BundledNetworks.first()); // or Path.of("network.pkl")
    try (Backend backend = Backends.select("auto"); // or "cpu-vector", "cpu-reference"
        ImageGenerator generator = ImageGenerator.open(backend, network)) {
      GenerationRequest request = GenerationRequest.defaults().withTruncationPsi(0.7);
      HostTensor z = generator.latents(42, 43); // by seed, as NumPy draws them
      HostTensor images = generator.generate(z, request).image(); // f32 [2, 3, R, R]
      PngWriter.write(Pixels.of(images.row(0)), Path.of("seed0042.png"));
      System.out.println(backend.id() + ": " + backend.description());
    }
  }
}
