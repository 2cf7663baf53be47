package org.aliasfree.training.loop;

import java.util.OptionalInt;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.data.PngWriter;
import org.aliasfree.data.SampleGrid;
import org.aliasfree.file.AtomicFile;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** The pictures of a run: grids of real images, and of fakes from the same latents every time. */
final class RunImages {
  private static final long SEED = 0;

  private final RunFolder folder;
  private final SampleGrid grid;
  private final HostTensor z;
  private final HostTensor c;
  private final int batch;

  RunImages(RunFolder folder, ImageDataset dataset, TrainingPlan plan) {
    this.folder = folder;
    TrainingSettings.Schedule schedule = plan.settings().schedule();
    grid = SampleGrid.of(dataset, size(schedule.gridWidth()), size(schedule.gridHeight()), SEED);
    z =
        new RandomState(plan.settings().seed())
            .randn(TensorType.of(DType.F64, grid.size(), plan.generator().zDim()))
            .to(DType.F32);
    c = grid.labels();
    batch = plan.settings().optimizer().batchGpu();
  }

  private static OptionalInt size(int given) {
    return given == 0 ? OptionalInt.empty() : OptionalInt.of(given);
  }

  /** Writes reals.png. */
  byte[] reals() {
    return write("reals.png", grid.images(), 0, 255);
  }

  /**
   * Writes a picture of fakes.
   *
   * @return the PNG
   */
  byte[] fakes(String name, Trainer trainer) {
    HostTensor first = trainer.generate(rows(z, 0), rows(c, 0));
    long[] sizes = first.shape().toArray();
    sizes[0] = grid.size();
    HostTensor all = HostTensor.allocate(TensorType.of(DType.F32, sizes));
    long image = first.data().byteSize() / batch;
    for (int from = 0; from < grid.size(); from += batch) {
      HostTensor fakes = from == 0 ? first : trainer.generate(rows(z, from), rows(c, from));
      long bytes = image * Math.min(batch, grid.size() - from);
      all.data().asSlice(from * image, bytes).copyFrom(fakes.data().asSlice(0, bytes));
    }
    return write(name, all, -1, 1);
  }

  /** A micro-batch of rows; behind the last one there are zeros. */
  private HostTensor rows(HostTensor all, int from) {
    int count = Math.min(batch, grid.size() - from);
    HostTensor rows = HostTensor.allocate(TensorType.f32(batch, all.shape().dim(1)));
    HostTensor part = RealBatch.rows(all, from, count);
    rows.data().asSlice(0, part.data().byteSize()).copyFrom(part.data());
    return rows;
  }

  private byte[] write(String name, HostTensor images, float low, float high) {
    byte[] bytes = PngWriter.bytes(grid.draw(images, low, high));
    AtomicFile.write(folder.file(name), bytes);
    return bytes;
  }
}
