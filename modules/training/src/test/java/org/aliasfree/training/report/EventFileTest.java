package org.aliasfree.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.aliasfree.AliasFreeException;
import org.aliasfree.training.report.EventReader.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  private static final double START = 1700000000.5;

  @TempDir Path folder;

  /** The bytes that TensorBoard 2.21's own classes make of the same events. */
  @Test
  void recordsAreThoseOfTensorBoard() throws IOException {
    Path path;
    try (EventFile events = EventFile.create(folder, START)) {
      Map<String, Double> values = new LinkedHashMap<>();
      values.put("Loss/scores/fake", -0.1);
      values.put("Progress/augment", 0.0);
      events.scalars(300, 3.25, values);
      path = events.path();
      assertThat(events.records()).isEqualTo(2);
    }
    assertThat(path.getFileName().toString())
        .matches("events\\.out\\.tfevents\\.1700000000\\.[A-Za-z0-9._-]+\\.\\d+\\.0");
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(path)))
        .isEqualTo(
            "1800000000000000a37f4b220900002040fc54d9411a0d627261696e2e4576656e743a322b353110"
                + "40000000000000002817f495090000000000000a4010ac022a320a170a104c6f73732f73636f"
                + "7265732f66616b6515cdccccbd0a170a1050726f67726573732f6175676d656e741500000000"
                + "b13cedf8");
  }

  @Test
  void anotherReaderFindsScalarsAndImages() throws IOException {
    byte[] png = png(300);
    Path path = write(folder, 2, png);
    List<Event> events = EventReader.read(Files.readAllBytes(path));
    assertThat(events).hasSize(5);
    assertThat(events.getFirst().fileVersion()).isEqualTo("brain.Event:2");
    assertThat(events.getFirst().wallTime()).isEqualTo(START);
    assertThat(events.get(3).step()).isEqualTo(2);
    assertThat(events.get(3).wallTime()).isEqualTo(0.25);
    assertThat(events.get(3).scalars()).isEqualTo(Map.of("tick", 2f, "nothing", Float.NaN));
    assertThat(events.get(4).images())
        .isEqualTo(Map.of("fakes", new EventReader.Image(5, 7, 3, ByteBuffer.wrap(png))));
  }

  /** Ticks of two records each, after the first record. */
  private static Path write(Path folder, int ticks, byte[] png) {
    try (EventFile events = EventFile.create(folder, START)) {
      for (int i = 1; i <= ticks; i++) {
        tick(events, i, png);
      }
      return events.path();
    }
  }

  private static void tick(EventFile events, int i, byte[] png) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("tick", (double) i);
    values.put("nothing", Double.NaN);
    events.scalars(i, i / 8.0, values);
    events.image(i, i / 8.0, "fakes", png);
  }

  /** The head of an RGB picture of 7 x 5, then anything: TensorBoard alone decodes the rest. */
  private static byte[] png(int bytes) {
    byte[] png = new byte[bytes];
    new Random(1).nextBytes(png);
    byte[] head =
        HexFormat.of()
            .parseHex("89504e470d0a1a0a" + "0000000d49484452" + "0000000700000005" + "0802");
    System.arraycopy(head, 0, png, 0, head.length);
    return png;
  }

  @Test
  void aRunThatGoesOnWritesWhatItWouldHaveWrittenAnyway() throws IOException {
    byte[] png = png(1_500_000); // larger than the block by which a file is checked
    Path path = write(folder, 3, png);
    byte[] undisturbed = Files.readAllBytes(path);
    for (int torn : new int[] {0, 1, 11, 12, 100}) {
      Files.write(path, Arrays.copyOf(undisturbed, torn), StandardOpenOption.APPEND);
      try (EventFile events = EventFile.resume(folder, 3)) {
        assertThat(events.records()).isEqualTo(3);
        tick(events, 2, png);
        tick(events, 3, png);
        assertThat(events.records()).isEqualTo(7);
        assertThat(Files.readAllBytes(path)).isEqualTo(undisturbed);
      }
    }
    Files.write(path, Arrays.copyOf(undisturbed, undisturbed.length - 1));
    try (EventFile events = EventFile.resume(folder, 6)) {
      events.image(3, 3 / 8.0, "fakes", png);
      assertThat(Files.readAllBytes(path)).isEqualTo(undisturbed);
    }
  }

  @Test
  void ofSeveralFilesTheNewestWithEnoughGoodRecordsGoesOn() throws IOException {
    byte[] png = png(80);
    Path path = write(folder, 2, png);
    byte[] good = Files.readAllBytes(path);
    Path older = folder.resolve("events.out.tfevents.1600000000.host.1.0");
    Path newer = folder.resolve("events.out.tfevents.1800000000.host.1.0");
    Files.write(older, good);
    Files.write(newer, Arrays.copyOf(good, 60));
    try (EventFile events = EventFile.resume(folder, 4)) {
      assertThat(events.path()).isEqualTo(path);
    }
    byte[] damaged = good.clone();
    damaged[good.length / 2] ^= 1;
    Files.write(path, damaged);
    try (EventFile events = EventFile.resume(folder, 4)) {
      assertThat(events.path()).isEqualTo(older);
    }
    assertThatThrownBy(() -> EventFile.resume(folder, 6))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("has the 6 records that the run wrote")
        .hasMessageContaining(newer.getFileName() + " has 1 whole ones");
    assertThat(Files.readAllBytes(path)).isEqualTo(damaged);
  }
}
