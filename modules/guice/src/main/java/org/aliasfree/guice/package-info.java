/**
 * Guice bindings. Install {@link org.aliasfree.guice.AliasFreeModule} and inject a backend, {@link
 * org.aliasfree.guice.Networks} or an image generator.
 */
@NullMarked
package org.aliasfree.guice;

import org.jspecify.annotations.NullMarked;
