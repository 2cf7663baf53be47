package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.aliasfree.backend.Availability;
import org.aliasfree.backend.BackendUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is said of a driver, and of none. */
class InstalledDriverTest {
  private static String reason(InstalledDriver.Answer answer) {
    Availability said = CudaProvider.availability(answer);
    assertThat(said).isInstanceOf(Availability.Unavailable.class);
    String reason = ((Availability.Unavailable) said).reason();
    assertThat(reason).doesNotContain("\n").endsWith(".");
    return reason;
  }

  @Test
  void noDriver() {
    assertThat(reason(InstalledDriver.ask("libcuda-that-is-nowhere.so.1")))
        .isEqualTo(
            "NVIDIA's driver is not there (libcuda.so.1 was not found). Install it, version 525 or"
                + " newer; a container needs --gpus=all.");
  }

  @Test
  void anotherLibrary() {
    assertThat(reason(InstalledDriver.ask("libc.so.6")))
        .isEqualTo("libcuda.so.1 has no cuDriverGetVersion. Install NVIDIA's driver anew.");
  }

  @Test
  void whateverThisMachineHas() {
    CudaProvider provider = new CudaProvider();
    assertThat(provider.probe()).isEqualTo(provider.probe());
  }

  /** A driver, of which a test changes one thing. */
  @Nested
  class Present {
    private final FakeDriver driver = FakeDriver.get();

    @AfterEach
    void asItWas() {
      driver.set("version", 12060);
      driver.set("devices", 1);
      driver.set("capability", 90);
      driver.fail("cuInit", 0);
      driver.fail("cuDeviceGetCount", 0);
    }

    private InstalledDriver.Answer ask() {
      return InstalledDriver.ask(driver.file().toString());
    }

    @Test
    void allIsWell() {
      Availability.Available said = (Availability.Available) CudaProvider.availability(ask());
      assertThat(said.score()).isEqualTo(200);
      assertThat(said.note()).endsWith("for CUDA 12.6");
      assertThat(said.devices())
          .containsExactly(
              new Availability.Device("0", "Fake GPU 0, 4.3 GB, compute capability 9.0"));
    }

    @Test
    void tooOldADriver() {
      driver.set("version", 11040);
      assertThat(reason(ask()))
          .isEqualTo(
              "NVIDIA's driver is too old: it knows CUDA 11.4, and 12.0 is needed. Update it to"
                  + " version 525 or newer.");
    }

    @Test
    void noDevice() {
      driver.set("devices", 0);
      assertThat(reason(ask()))
          .contains("cuInit failed with CUDA_ERROR_NO_DEVICE (what the driver says of it)")
          .endsWith("whether CUDA_VISIBLE_DEVICES hides it.");
    }

    @Test
    void driverThatWasUpdated() {
      driver.fail("cuInit", 803);
      assertThat(reason(ask()))
          .contains("CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", "restart the machine");
    }

    @Test
    void errorThatNobodyKnows() {
      driver.fail("cuDeviceGetCount", 4711);
      assertThat(reason(ask())).contains("cuDeviceGetCount failed with error 4711");
    }

    @Test
    void tooOldADevice() {
      driver.set("capability", 61);
      assertThat(reason(ask()))
          .isEqualTo(
              "Fake GPU 0 has compute capability 6.1, and 8.0 is needed (Ampere, 2020). Use a newer"
                  + " device, or another backend.");
    }

    @Test
    void devicesThatAreTooOldAreLeftOut() {
      driver.set("devices", 2);
      InstalledDriver.Usable usable = (InstalledDriver.Usable) ask();
      assertThat(usable.devices())
          .extracting(InstalledDriver.Found::capability)
          .containsExactly(90);
      assertThat(CudaProvider.chosen(usable, "").index()).isZero();
      assertThat(CudaProvider.chosen(usable, "0").index()).isZero();
      assertThatThrownBy(() -> CudaProvider.chosen(usable, "1"))
          .isInstanceOf(BackendUnavailableException.class)
          .hasMessage("The backend cuda has no device \"1\"; it has 0.");
    }
  }
}
