package org.aliasfree.conformance.junit;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.conformance.Rule;
import org.aliasfree.conformance.Settings;
import org.aliasfree.conformance.Subject;
import org.aliasfree.conformance.Trials;
import org.aliasfree.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Opens the backend for a property, sets its tries and its seed from the system properties, skips
 * it with the reason where it does not apply, and reports the largest error.
 */
final class PropertySettings implements AroundPropertyHook, SkipExecutionHook {
  private static final ThreadLocal<@Nullable Trials> CURRENT = new ThreadLocal<>();

  /** Made by jqwik. */
  PropertySettings() {}

  /** Trials of the backend whose property runs. */
  static Trials trials() {
    return Objects.requireNonNull(CURRENT.get());
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) throws Throwable {
    Settings settings = Settings.ofSystemProperties();
    context.attributes().setSeed(Long.toString(settings.seed()));
    context.attributes().setTries(tries(context, settings));
    BackendProvider provider = ((OpProperties) context.testInstance()).provider();
    try (Subject subject = new Subject(provider)) {
      Trials trials = new Trials(subject);
      CURRENT.set(trials);
      PropertyExecutionResult result = property.execute();
      double error = trials.largestError();
      if (error > 0) {
        context
            .reporter()
            .publishValue(
                provider.id() + " " + context.label() + ": largest error / allowed",
                String.format(java.util.Locale.ROOT, "%.3f", error));
      }
      return result;
    } finally {
      CURRENT.remove();
    }
  }

  /** Properties of all ops together, and those of large cases, are tried less often. */
  private static int tries(PropertyLifecycleContext context, Settings settings) {
    boolean dear =
        context.findAnnotation(ForType.class).isPresent()
            || context.label().contains("ManyChannels");
    return dear ? Math.max(1, settings.tries() / 8) : settings.tries();
  }

  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    Optional<Class<?>> container = context.optionalContainerClass();
    if (container.isEmpty() || context.optionalElement().isEmpty()) {
      return SkipResult.doNotSkip();
    }
    if (!System.getProperty("conformance.case", "").isEmpty()) {
      return SkipResult.skip("only the case of the system property conformance.case is run");
    }
    OpProperties test = (OpProperties) context.newInstance(container.get());
    Optional<Rule> notPromised =
        context.findAnnotation(ForRule.class).stream()
            .flatMap(tie -> Arrays.stream(tie.value()))
            .filter(rule -> !rule.isMust() && !test.promises().contains(rule))
            .findFirst();
    if (notPromised.isPresent()) {
      return SkipResult.skip(notPromised.get().id() + " may be followed; it is not promised");
    }
    Optional<ForType> needed = context.findAnnotation(ForType.class);
    BackendProvider provider = test.provider();
    if (provider.probe() instanceof Availability.Unavailable u) {
      return SkipResult.skip(provider.id() + " cannot be used here: " + u.reason());
    }
    return needed.map(type -> without(type.value(), provider)).orElse(SkipResult.doNotSkip());
  }

  private static SkipResult without(DType type, BackendProvider provider) {
    try (Backend backend = provider.open(BackendOptions.defaults())) {
      return backend.dtypes().contains(type)
          ? SkipResult.doNotSkip()
          : SkipResult.skip(provider.id() + " has no " + type.label());
    }
  }
}
