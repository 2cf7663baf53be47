package org.aliasfree.conformance.junit;

import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.conformance.CaseGenerators;
import org.aliasfree.conformance.Rule;
import org.aliasfree.conformance.Trials;
import org.aliasfree.tensor.DType;

/**
 * The properties of single ops, one for each op: values, gradients and gradients of gradients of
 * random cases agree with the reference, memory around them stays untouched, and everything gives
 * the same bits twice. A failure ends with a case made as small as could be, and the system
 * property that runs it again.
 */
@AddLifecycleHook(PropertySettings.class)
abstract class OpProperties {
  /** The backend under test. */
  protected abstract BackendProvider provider();

  /** The rules that a backend may follow and that this one promises to; the others are skipped. */
  protected Set<Rule> promises() {
    return Set.of();
  }

  private static Trials trials() {
    return PropertySettings.trials();
  }

  private static void inF32(String op, Choice choice) {
    trials().trial(Rule.OP_1, op, DType.F32, choice.numbers());
  }

  /** One case of every op in another element type. */
  private static void ofEach(Rule rule, DType type, Choice choice) {
    for (String op : CaseGenerators.names()) {
      if (!op.contains(" ")) {
        trials().trial(rule, op, type, choice.numbers());
      }
    }
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void fill(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Fill", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void iota(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Iota", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void unary(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Unary", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void binary(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Binary", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void compare(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Compare", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void select(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Select", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void cast(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Cast", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void stopGradient(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("StopGradient", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void reduce(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Reduce", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void reshape(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Reshape", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void permute(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Permute", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void expand(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Expand", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void pad(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Pad", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void flip(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Flip", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void slice(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Slice", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void concat(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Concat", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void gather(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Gather", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void scatterAdd(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("ScatterAdd", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void matMul(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("MatMul", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void conv2d(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Conv2d", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void convTranspose2d(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("ConvTranspose2d", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void convWeightGradient(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("ConvWeightGradient", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void modulatedConv2d(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("ModulatedConv2d", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void conv2dOfManyChannels(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Conv2d of many channels", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void upfirdn2d(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Upfirdn2d", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void adamStep(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("AdamStep", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void biasAct(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("BiasAct", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void filteredLrelu(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("FilteredLrelu", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void signedFilter(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("SignedFilter", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void gridSample(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("GridSample", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void gridSampleInputGradient(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("GridSampleInputGradient", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void gridSampleGridGradient(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("GridSampleGridGradient", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void warp(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("Warp", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3, Rule.DET_1, Rule.MEM_1, Rule.MEM_2})
  void warpInputGradient(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    inF32("WarpInputGradient", choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3})
  @ForType(DType.F16)
  void everyOpInF16(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    ofEach(Rule.OP_1, DType.F16, choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule({Rule.OP_1, Rule.OP_2, Rule.OP_3})
  @ForType(DType.F64)
  void everyOpInF64(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    ofEach(Rule.OP_1, DType.F64, choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule(Rule.OP_4)
  @ForType(DType.F32)
  void everyOpAgreesWithItsDefinition(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    ofEach(Rule.OP_4, DType.F32, choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule(Rule.LAW_1)
  @ForType(DType.F32)
  void theGradientOfALinearOpIsItsAdjoint(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    ofEach(Rule.LAW_1, DType.F32, choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule(Rule.LAW_2)
  @ForType(DType.F32)
  void linearOpsAreLinear(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    ofEach(Rule.LAW_2, DType.F32, choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule(Rule.LAW_4)
  @ForType(DType.F64)
  void gradientsAgreeWithFiniteDifferences(
      @ForAll(supplier = Choice.Supplier.class) Choice choice) {
    ofEach(Rule.LAW_4, DType.F64, choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule(Rule.DET_2)
  @ForType(DType.F32)
  void theNumberOfThreadsChangesNoBit(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    ofEach(Rule.DET_2, DType.F32, choice);
  }

  @Property(shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
  @ForRule(Rule.DET_3)
  @ForType(DType.F32)
  void anImageIsTheSameAloneAndInABatch(@ForAll(supplier = Choice.Supplier.class) Choice choice) {
    ofEach(Rule.DET_3, DType.F32, choice);
  }
}
