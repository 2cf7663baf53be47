package org.aliasfree.checkpoint;

import java.io.IOException;
import java.io.InputStream;

/**
 * A network that comes in a jar. {@link BundledNetworks} finds it with the service loader: its
 * module provides this interface, and the jar names the class in {@code META-INF/services} for
 * programs on the class path.
 */
public interface BundledNetwork {
  /** What users call it: small letters, digits and dashes. */
  String name();

  /** What its pictures show, in one line. */
  String description();

  /** Where the pictures that it was trained on are from, and their licence, in one line. */
  String pictures();

  /**
   * The network file, a safetensors file in the layout of {@link NetworkFile#write}.
   *
   * @throws IOException when the jar lacks it
   */
  InputStream open() throws IOException;
}
