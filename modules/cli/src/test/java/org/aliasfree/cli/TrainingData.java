package org.aliasfree.cli;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.aliasfree.data.PngWriter;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Data sets of noise. */
final class TrainingData {
  private TrainingData() {}

  /** A zip file of square RGB images, the labels of which go 0, 1, 2, 0, … */
  static Path zip(Path file, int images, int resolution, boolean labels) throws IOException {
    Random random = new Random(1);
    StringBuilder entries = new StringBuilder();
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < images; i++) {
        String name = "img%08d.png".formatted(i);
        byte[] pixels = new byte[resolution * resolution * 3];
        random.nextBytes(pixels);
        HostTensor image = HostTensor.allocate(TensorType.of(DType.U8, resolution, resolution, 3));
        image.data().copyFrom(MemorySegment.ofArray(pixels));
        out.putNextEntry(new ZipEntry(name));
        out.write(PngWriter.bytes(image));
        entries.append(i == 0 ? "" : ", ").append("[\"%s\", %d]".formatted(name, i % 3));
      }
      if (labels) {
        out.putNextEntry(new ZipEntry("dataset.json"));
        out.write(("{\"labels\": [" + entries + "]}").getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }
}
