package org.aliasfree.conformance.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.aliasfree.tensor.DType;

/** Says that a property needs an element type; where the backend has it not, it is skipped. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface ForType {
  /** The type. */
  DType value();
}
