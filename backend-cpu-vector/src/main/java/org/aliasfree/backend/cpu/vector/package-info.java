/**
 * CPU kernels on the Vector API, with plain-loop forms of each, and the backend that runs them on
 * threads.
 */
@NullMarked
package org.aliasfree.backend.cpu.vector;

import org.jspecify.annotations.NullMarked;
