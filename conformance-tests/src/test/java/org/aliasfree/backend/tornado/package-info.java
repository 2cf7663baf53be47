/** Tests of the backend {@code tornado}, with TornadoVM and without. */
@NullMarked
package org.aliasfree.backend.tornado;

import org.jspecify.annotations.NullMarked;
