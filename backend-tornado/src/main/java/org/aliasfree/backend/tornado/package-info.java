/** The backend {@code tornado}: programs as task graphs of TornadoVM. */
@NullMarked
package org.aliasfree.backend.tornado;

import org.jspecify.annotations.NullMarked;
