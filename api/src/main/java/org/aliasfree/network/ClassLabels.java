package org.aliasfree.network;

import java.util.OptionalInt;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** One-hot labels. */
final class ClassLabels {
  private ClassLabels() {}

  /** The labels of a batch in which all images have one class, f32 [batch, classes]. */
  static HostTensor of(int classes, int batch, OptionalInt classLabel) {
    if (classLabel.isEmpty() && classes > 0) {
      throw new AliasFreeException(
          "The network is conditional: say which of its "
              + classes
              + " classes is wanted, 0 to "
              + (classes - 1)
              + ".");
    }
    HostTensor c = HostTensor.allocate(TensorType.f32(batch, classes));
    if (classLabel.isPresent()) {
      int label = classLabel.getAsInt();
      if (classes == 0) {
        throw new AliasFreeException(
            "The class label " + label + " was given, but the network is unconditional.");
      }
      if (label < 0 || label >= classes) {
        throw new AliasFreeException(
            "The class label "
                + label
                + " is out of range: the network has "
                + classes
                + " classes, 0 to "
                + (classes - 1)
                + ".");
      }
      for (int n = 0; n < batch; n++) {
        c.set((long) n * classes + label, 1);
      }
    }
    return c;
  }
}
