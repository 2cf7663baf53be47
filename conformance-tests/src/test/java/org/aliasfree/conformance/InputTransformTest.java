package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.aliasfree.AliasFreeException;
import org.aliasfree.network.InputTransform;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class InputTransformTest {
  @Test
  void matricesAndTheirInversesAreThoseOfTheOfficialTools() {
    GoldenCase golden = Goldens.file("random/cli_helpers.safetensors");
    JsonNode transforms = golden.param("transforms");
    for (int i = 0; i < transforms.size(); i++) {
      double tx = transforms.get(i).get(0).get(0).asDouble();
      double ty = transforms.get(i).get(0).get(1).asDouble();
      double degrees = transforms.get(i).get(1).asDouble();
      golden.assertMatches(i + ".matrix", InputTransform.of(tx, ty, degrees));
      golden.assertMatches(i + ".inverse", InputTransform.inverseOf(tx, ty, degrees));
    }
  }

  @Test
  void aMatrixWithoutInverseIsRefused() {
    HostTensor zeros = HostTensor.allocate(TensorType.f32(3, 3));
    assertThatThrownBy(() -> InputTransform.inverse(zeros))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("determinant is 0");
    assertThatThrownBy(() -> InputTransform.of(0, Double.NaN, 0))
        .isInstanceOf(AliasFreeException.class);
  }
}
