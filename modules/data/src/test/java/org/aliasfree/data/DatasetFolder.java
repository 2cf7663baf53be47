package org.aliasfree.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files of a data set in the making. */
final class DatasetFolder {
  private final Map<String, byte[]> files = new TreeMap<>();

  /** So many noise images of 8×8, {@code 0/0.png}, {@code 0/1.png} and so on. */
  static DatasetFolder ofNoise(int count, int channels) throws IOException {
    DatasetFolder folder = new DatasetFolder();
    for (int i = 0; i < count; i++) {
      folder.with("0/" + i + ".png", noise(8, 8, channels, i));
    }
    return folder;
  }

  static byte[] noise(int width, int height, int channels, long seed) throws IOException {
    byte[] samples = new byte[width * height * channels];
    new Random(seed).nextBytes(samples);
    return png(new RasterImage(width, height, channels, samples));
  }

  static byte[] png(RasterImage image) {
    return PngWriter.bytes(image.tensor());
  }

  DatasetFolder with(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  DatasetFolder withLabels(String json) {
    return with("dataset.json", json.getBytes(StandardCharsets.UTF_8));
  }

  Path writeTo(Path folder) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return folder;
  }

  Path zipTo(Path zip, int method) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setMethod(method);
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        entry.setCrc(crc.getValue());
        entry.setSize(file.getValue().length);
        out.putNextEntry(entry);
        out.write(file.getValue());
        out.closeEntry();
      }
    }
    return zip;
  }
}
