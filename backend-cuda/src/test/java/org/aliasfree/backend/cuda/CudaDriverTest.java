package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.OutOfMemoryException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** JCuda itself, on a driver that is no GPU's. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CudaDriverTest {
  private static final int N = 1000;

  private final FakeDriver fake = FakeDriver.get();
  private CudaDriver driver;

  @BeforeAll
  static void noTrials() {
    System.setProperty(HopperTrial.SWITCH, "off");
  }

  @AfterAll
  static void trialsAgain() {
    System.clearProperty(HopperTrial.SWITCH);
  }

  @BeforeEach
  void open() {
    InstalledDriver.Usable usable =
        (InstalledDriver.Usable) InstalledDriver.ask(fake.file().toString());
    driver = CudaDriver.open(usable.devices().getFirst());
  }

  @AfterEach
  void nothingIsLeft() {
    driver.close();
    driver.close();
    assertThat(fake.live()).isZero();
  }

  private static Driver.Launch fill(long to, float value) {
    Arguments arguments =
        new Arguments().address(to).int64(N).int32(4).bits(Float.floatToRawIntBits(value));
    return new Driver.Launch("fill", 4, 1, 1, 256, 0, arguments.bytes());
  }

  private static float[] floats(MemorySegment segment) {
    return segment.toArray(ValueLayout.JAVA_FLOAT);
  }

  @Test
  void device() {
    assertThat(driver.device()).isEqualTo(new Driver.Device("Fake GPU 0", 90, 4L << 30, 4));
    assertThat(driver.isHostMemory()).isFalse();
    assertThat(driver.freeBytes()).isEqualTo(4L << 30);
  }

  /** This device has no such kernels: the trial fails, and ends with all that it took. */
  @Test
  void kernelsThatFailTheirTrialAreNotUsed() {
    assertThat(driver.target().hopper()).isEqualTo(Target.Hopper.NOWHERE);
    driver.close();
    System.setProperty(HopperTrial.SWITCH, "auto");
    CudaDriver.forgetTrials();
    Logger logger = Logger.getLogger(CudaDriver.class.getName());
    List<String> said = new ArrayList<>();
    logger.setUseParentHandlers(false);
    logger.setFilter(
        record -> {
          said.add(new SimpleFormatter().formatMessage(record));
          return false;
        });
    try {
      open();
      driver.close();
      assertThat(fake.live()).isZero();
      open();
    } finally {
      logger.setFilter(null);
      logger.setUseParentHandlers(true);
      System.setProperty(HopperTrial.SWITCH, "off");
      CudaDriver.forgetTrials();
    }
    assertThat(driver.target().hopper()).isEqualTo(Target.Hopper.NOWHERE);
    assertThat(said)
        .singleElement()
        .asString()
        .contains(
            "Fake GPU 0", "general ones are", "cuModuleGetFunction", "-Daliasfree.cuda.hopper=off");
    long a = driver.allocate(4 * N);
    driver.submit(List.of(fill(a, 1)));
    driver.await();
    driver.free(a);
  }

  @Test
  void commandsAreDoneInOrder() {
    long a = driver.allocate(4 * N);
    long b = driver.allocate(4 * N);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment up = driver.allocateHost(4 * N, arena);
      MemorySegment down = driver.allocateHost(4 * N, arena);
      up.setAtIndex(ValueLayout.JAVA_FLOAT, 7, 7);
      driver.submit(
          List.of(
              fill(a, 1),
              new Driver.Copy(b, a, 4 * N),
              fill(a, 2),
              new Driver.Zero(b, 8),
              new Driver.Zero(b + 9, 3),
              new Driver.Upload(b + 400, up.asSlice(0, 400)),
              new Driver.Download(down, b)));
      driver.await();
      float[] read = floats(down);
      assertThat(read[0]).isZero();
      assertThat(read[3]).isEqualTo(1);
      assertThat(read[99]).isEqualTo(1);
      assertThat(read[107]).isEqualTo(7);
      assertThat(read[999]).isEqualTo(1);
    }
    driver.free(a);
    driver.free(b);
    driver.free(b);
  }

  @Test
  void recordingsTakeWhatTheHostHasWhenTheyAreReplayed() {
    long a = driver.allocate(4 * N);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment up = driver.allocateHost(4 * N, arena);
      MemorySegment down = driver.allocateHost(4 * N, arena);
      List<Driver.Command> commands =
          List.of(fill(a, 3), new Driver.Upload(a, up.asSlice(0, 4)), new Driver.Download(down, a));
      Driver.Recording recording = driver.record(commands);
      for (float value : new float[] {5, 6}) {
        up.setAtIndex(ValueLayout.JAVA_FLOAT, 0, value);
        recording.replay();
        driver.await();
        assertThat(floats(down)).startsWith(value, 3).endsWith(3);
      }
      recording.close();
      recording.close();
      assertThatThrownBy(recording::replay).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anotherThreadMayAllocateWhileCommandsAreRecorded() throws InterruptedException {
    long a = driver.allocate(4 * N);
    Thread other =
        new Thread(
            () -> {
              for (int i = 0; i < 200; i++) {
                driver.free(driver.allocate(64));
              }
            });
    other.start();
    for (int i = 0; i < 50; i++) {
      Driver.Recording recording = driver.record(List.of(fill(a, i), fill(a, i)));
      recording.replay();
      driver.await();
      recording.close();
    }
    other.join();
  }

  @Test
  void hostMemoryMayOutliveTheDriver() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = driver.allocateHost(64, arena);
      driver.close();
      memory.set(ValueLayout.JAVA_FLOAT, 0, 1); // still there
      assertThat(fake.live()).isEqualTo(2); // and its context
    }
    assertThatThrownBy(() -> driver.await()).hasMessage("Fake GPU 0 was closed");
  }

  @Test
  void outOfMemory() {
    assertThat(driver.allocate(5L << 30)).isZero();
    Allocator pool = new DevicePool(driver);
    try (Allocator.Allocation held = pool.allocate(1L << 20, "variables")) {
      assertThat(held.isHostMemory()).isFalse();
      assertThatThrownBy(() -> pool.allocate(5L << 30, "activations of G"))
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessage(
              "Not enough memory: activations of G asked for 5368709120 bytes of Fake GPU 0, which"
                  + " has 4294967296 and of these 4293918720 free (held: 1048576 by variables). Use"
                  + " a smaller batch or resolution, or end other programs that use this device.");
      try (Arena arena = Arena.ofShared()) {
        MemorySegment down = driver.allocateHost(16, arena);
        driver.submit(List.of(new Driver.Download(down, held.segment().address())));
        driver.await();
        assertThat(down.toArray(ValueLayout.JAVA_INT)).containsOnly(0);
      }
    }
    fake.fail("cuMemAlloc", 1);
    assertThatThrownBy(() -> driver.allocate(64))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("cuMemAlloc for 64 bytes failed with CUDA_ERROR_INVALID_VALUE");
    fake.fail("cuMemAlloc", 0);
  }

  @Test
  void launchesThatDoNotFitTheirKernel() {
    Driver.Launch good = fill(driver.allocate(4 * N), 1);
    assertThatThrownBy(
            () ->
                driver.submit(
                    List.of(new Driver.Launch("fill", 1, 1, 1, 128, 0, good.arguments()))))
        .hasMessageContaining("takes 24 bytes of arguments and blocks of 256 threads")
        .hasMessageContaining("launched with 24 and 128");
    assertThatThrownBy(
            () -> driver.submit(List.of(new Driver.Launch("fill", 1, 1, 1, 256, 0, new byte[8]))))
        .hasMessageContaining("launched with 8 and 256");
    assertThatThrownBy(
            () ->
                driver.submit(
                    List.of(new Driver.Launch("none", 1, 1, 1, 256, 0, good.arguments()))))
        .hasMessageContaining("cuModuleGetFunction for the kernel none failed")
        .hasMessageContaining("build it anew");
    assertThatThrownBy(
            () ->
                driver.record(
                    List.of(
                        good, new Driver.Launch("fill", 1, 65536, 1, 256, 0, good.arguments()))))
        .hasMessageContaining("cuLaunchKernel for the kernel fill, 1 x 65536 x 1 blocks");
    // The capture that failed was ended.
    driver.record(List.of(good)).replay();
    driver.await();
  }

  @Test
  void sharedMemoryBeyondWhatEveryKernelMayHave() {
    Driver.Launch plain = fill(driver.allocate(4 * N), 1);
    Driver.Launch large = new Driver.Launch("fill", 1, 1, 1, 256, 96 << 10, plain.arguments());
    driver.record(List.of(large, plain)).replay();
    driver.await();
    assertThatThrownBy(
            () ->
                driver.submit(
                    List.of(new Driver.Launch("fill", 1, 1, 1, 256, 230 << 10, plain.arguments()))))
        .hasMessageContaining("the kernel fill with 235520 bytes of shared memory");
  }

  @Test
  void aDriverThatCannotReadTheKernels() {
    fake.fail("cuModuleLoadDataEx", 222);
    assertThatThrownBy(this::open)
        .hasMessageContaining("CUDA_ERROR_UNSUPPORTED_PTX_VERSION")
        .hasMessageContaining("Update NVIDIA's driver");
    fake.fail("cuModuleLoadDataEx", 0);
  }

  /** Last, because a device stays broken for the rest of the process. */
  @Test
  @Order(Integer.MAX_VALUE)
  void afterAFailureOfADeviceNothingWorks() {
    long a = driver.allocate(4 * N);
    driver.submit(List.of(new Driver.Zero(a + 4 * N - 4, 8)));
    assertThatThrownBy(() -> driver.await())
        .hasMessageStartingWith(
            "Fake GPU 0: cuStreamSynchronize for what was submitted failed with"
                + " CUDA_ERROR_ILLEGAL_ADDRESS (an illegal memory access was encountered).")
        .hasMessageContaining("CUDA_LAUNCH_BLOCKING=1");
    assertThatThrownBy(() -> driver.allocate(4))
        .hasMessageStartingWith("The device cannot be used until the program is started again")
        .hasMessageContaining("ILLEGAL_ADDRESS");
    driver.free(a); // says nothing: it was said
    fake.recover();
  }
}
