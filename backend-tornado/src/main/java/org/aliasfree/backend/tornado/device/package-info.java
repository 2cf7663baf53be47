/**
 * Code that TornadoVM compiles for a device: static methods on {@code float[]} and {@code int[]},
 * in the part of Java that it takes (docs/backend-tornado.md). Names ending in {@code Loops} are
 * plain Java with parallel loops; those ending in {@code Tiles} use work-groups and their shared
 * memory.
 */
@NullMarked
package org.aliasfree.backend.tornado.device;

import org.jspecify.annotations.NullMarked;
